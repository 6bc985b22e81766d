// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.function.Consumer;
import kernel.api.context.ProcessContext;
import kernel.api.context.SoftirqContext;
import kernel.api.interrupt.InterruptHandler;
import kernel.api.interrupt.InterruptResult;
import kernel.api.interrupt.Tasklet;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import kernel.api.wait.WaitQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Sleeping where one must not, where types cannot see it: Linux's words, the reason of the rule, and the line of the driver. The
 * drivers are compiled here, so that they are not the kernel's own code.
 */
class ContextRulesTest {
    private final Lab lab = Lab.deterministic(2);
    private final SpinLock lock = lab.execution().newSpinLock("lock");
    private final Mutex mutex = lab.execution().newMutex("mutex");
    private final WaitQueue queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
    private final BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));

    @AfterEach
    void close() {
        lab.close();
    }

    private void assertReported(Snippet snippet, String offendingText, String function, String reason) {
        assertThat(lab.reports().getFirst())
                .isEqualTo("BUG: sleeping function called from invalid context at Snippet.java:"
                        + snippet.lineOf(offendingText));
        assertThat(lab.reports())
                .anyMatch(line -> line.startsWith(function + "() may sleep, called from " + Snippet.CLASS));
        assertThat(lab.reports()).anyMatch(line -> line.startsWith("reason: ") && line.contains(reason));
    }

    /** A class body that is code in process context. */
    private static Snippet inProcess(String code) {
        return new Snippet("""
                public static SpinLock lock; public static Mutex mutex; public static WaitQueue queue;
                public static class Code implements java.util.function.Consumer<ProcessContext> {
                public void accept(ProcessContext context) {
                """ + code + "}}\npublic Snippet() {}\n");
    }

    /** Runs code of a driver in a task, which it may spoil. */
    private void runInTask(Snippet snippet) {
        Object code = inner(snippet);
        lab.startOn(0, "driver", self -> accept(code, self));
        lab.run();
        assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
    }

    private Object inner(Snippet snippet) {
        try {
            Class<?> outer = snippet.instance().getClass();
            outer.getField("lock").set(null, lock);
            outer.getField("mutex").set(null, mutex);
            outer.getField("queue").set(null, queue);
            return outer.getClassLoader()
                    .loadClass(Snippet.CLASS + "$Code")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <C> void accept(Object code, C context) {
        ((Consumer<C>) code).accept(context);
    }

    @Test
    void sleepingUnderASpinLockIsReported() {
        Snippet snippet = inProcess("""
                lock.lock(context);
                context.sleep(1000);
                """);
        runInTask(snippet);
        assertReported(snippet, "context.sleep", "msleep", "a spin lock is held");
        assertThat(lab.reports())
                .anyMatch(line -> line.matches(
                        "in_atomic\\(\\): 1, irqs_disabled\\(\\): 0, non_block: 0, pid: \\d+, name: driver"));
        assertThat(lab.reports()).contains("preempt_count: 1, expected: 0");
    }

    @Test
    void copyingToUserMemoryUnderASpinLockIsReported() {
        Snippet snippet = inProcess("""
                boolean flags = lock.lockIrqSave(context);
                context.copyToUser(new UserBuffer(4096, 1), 0, new byte[1], 0, 1);
                """);
        runInTask(snippet);
        assertReported(snippet, "context.copyToUser", "copy_to_user", "interrupts are disabled");
        assertThat(lab.reports()).anyMatch(line -> line.contains("irqs_disabled(): 1"));
    }

    @Test
    void lockingAMutexUnderASpinLockIsReportedEvenIfItIsFree() {
        Snippet snippet = inProcess("""
                lock.lockBh(context);
                mutex.lock(context);
                """);
        runInTask(snippet);
        assertReported(snippet, "mutex.lock", "mutex_lock", "a spin lock is held");
    }

    @Test
    void waitingForWhatIsTrueIsReportedAllTheSame() {
        Snippet snippet = inProcess("""
                lock.lock(context);
                java.util.List.of(1).forEach(
                    one -> queue.waitEvent(context, () -> true));
                """);
        runInTask(snippet);
        assertReported(snippet, "one -> queue.waitEvent", "wait_event", "a spin lock is held");
    }

    // ---- a context kept in a field

    private static Snippet keeper(String interfaceName, String method, String code) {
        return new Snippet("""
                public static SpinLock lock; public static Mutex mutex; public static WaitQueue queue;
                public static ProcessContext kept;
                public static class Code implements %s {
                %s {
                """.formatted(interfaceName, method) + code + "}}\npublic Snippet() {}\n");
    }

    private static void keep(Object code, ProcessContext context) {
        try {
            code.getClass().getEnclosingClass().getField("kept").set(null, context);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Test
    void aHandlerThatSleepsWithTheContextOfTheTaskThatItInterruptedIsReported() {
        Snippet snippet = keeper("InterruptHandler", "public InterruptResult handle(InterruptContext context)", """
                kept.sleep(1000);
                return InterruptResult.HANDLED;
                """);
        Object code = inner(snippet);
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", (InterruptHandler) code);
        lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 1);
        lab.startOn(0, "bystander", self -> {
            keep(code, self);
            device.write32(Doorbell.RING.offset(), 0);
            self.cpu().point(Point.REGISTER_ACCESS);
        });
        lab.run();
        assertThat(lab.deadInterrupts()).singleElement().isInstanceOf(KernelBug.class);
        assertReported(snippet, "kept.sleep", "msleep", "an interrupt handler borrows the stack of bystander/");
        assertThat(lab.reports()).anyMatch(line -> line.startsWith("preempt_count: 10000"));
    }

    @Test
    void aHandlerThatSleepsWithTheContextOfATaskElsewhereIsReportedWhereItRuns() {
        Snippet snippet = keeper("InterruptHandler", "public InterruptResult handle(InterruptContext context)", """
                kept.copyToUser(new UserBuffer(4096, 1), 0, new byte[1], 0, 1);
                return InterruptResult.HANDLED;
                """);
        Object code = inner(snippet);
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", (InterruptHandler) code);
        lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 2);
        lab.startOn(0, "opener", self -> {
            keep(code, self);
            device.write32(Doorbell.RING.offset(), 1_000);
            self.sleep(10_000);
        });
        lab.run();
        assertReported(
                snippet, "kept.copyToUser", "copy_to_user", "an interrupt handler borrows the stack of swapper/1/0");
        assertThat(lab.reports()).anyMatch(line -> line.contains("this ProcessContext belongs to opener/"));
    }

    @Test
    void aTaskletThatSleepsWithAKeptContextIsReported() {
        Snippet snippet = keeper("Tasklet.Function", "public void run(SoftirqContext context)", """
                mutex.lock(kept);
                """);
        Object code = inner(snippet);
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, (Tasklet.Function) code);
        lab.startOn(0, "task", self -> {
            keep(code, self);
            lock.lockBh(self);
            tasklet.schedule(self);
            lock.unlockBh(self);
        });
        lab.run();
        assertThat(lab.deadInterrupts()).singleElement().isInstanceOf(KernelBug.class);
        assertReported(snippet, "mutex.lock(kept)", "mutex_lock", "deferred work runs on behalf of no process");
    }

    @Test
    void aTaskThatSleepsWithTheContextOfAnotherIsReported() {
        Snippet snippet = keeper(
                "java.util.function.Consumer<ProcessContext>", "public void accept(ProcessContext context)", """
                if (kept == null) { kept = context; context.sleep(100000); return; }
                kept.sleep(1000);
                """);
        Object code = inner(snippet);
        lab.startOn(0, "owner", self -> accept(code, self));
        lab.startOn(1, "borrower", self -> {
            self.sleep(10_000);
            accept(code, self);
        });
        lab.run();
        assertThat(lab.deadTasks()).hasSize(1);
        assertReported(snippet, "kept.sleep", "msleep", "this ProcessContext belongs to owner/");
        assertThat(lab.reports()).anyMatch(line -> line.endsWith("name: borrower"));
    }

    // ---- what is allowed

    @Test
    void aWorkItemSleepsWithItsOwnContext() {
        Snippet snippet = keeper("kernel.api.interrupt.Work.Function", "public void run(ProcessContext context)", """
                lock.lock(context);
                lock.unlock(context);
                mutex.lock(context);
                context.sleep(1000);
                mutex.unlock(context);
                queue.waitEvent(context, () -> true);
                """);
        WorkQueue.Item item =
                lab.execution().workQueue().newItem("item", (kernel.api.interrupt.Work.Function) inner(snippet));
        lab.start("task", self -> {
            item.queue(self);
            item.flush(self);
        });
        lab.run();
        lab.checkHealthy();
    }

    @Test
    void aContextKnowsWhereItIs() {
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, (SoftirqContext context) -> {
            assertThat(context.currentName()).isEqualTo("task");
            assertThat(context.processor()).isEqualTo(1);
        });
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            assertThat(context.currentPid()).isEqualTo(lab.cpu(1).current().pid());
            tasklet.schedule(context);
            return InterruptResult.HANDLED;
        });
        lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 2);
        lab.startOn(1, "task", self -> {
            assertThat(self.currentPid()).isEqualTo(self.pid());
            device.write32(Doorbell.RING.offset(), 0);
            self.cpu().point(Point.REGISTER_ACCESS);
        });
        lab.finish();
    }
}
