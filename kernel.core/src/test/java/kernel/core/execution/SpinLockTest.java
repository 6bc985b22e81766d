// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.SpinLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spin locks: what each variant disables, and what is said of those who misuse them. */
class SpinLockTest {
    private final Lab lab = Lab.deterministic(2);
    private final SpinLock lock = lab.execution().newSpinLock("lock");
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theHolderCannotBePreempted() {
        lab.start("holder", self -> {
            assertThat(self.cpu().preemptCount()).isZero();
            lock.lock(self);
            assertThat(self.cpu().preemptCount()).isEqualTo(1);
            assertThat(self.cpu().processor().interruptsEnabled()).isTrue();
            lock.unlock(self);
            assertThat(self.cpu().preemptCount()).isZero();
        });
        lab.finish();
    }

    @Test
    void aTaskThatWaitsGetsNoProcessorWhileALockIsHeldThere() {
        lab.startOn(0, "holder", self -> {
            lock.lock(self);
            for (int i = 0; i < 3; i++) {
                lab.spend(Execution.SLICE_NANOS);
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            log.add("holder");
            lock.unlock(self);
        });
        lab.startOn(0, "waiter", self -> log.add("waiter"));
        lab.finish();
        assertThat(log).containsExactly("holder", "waiter");
    }

    @Test
    void tryLockOfATakenLockFailsAndLeavesPreemptionAsItWas() {
        lab.startOn(0, "holder", self -> {
            lock.lock(self);
            lab.startOn(1, "other", other -> {
                assertThat(lock.tryLock(other)).isFalse();
                assertThat(other.cpu().preemptCount()).isZero();
                log.add("refused");
            });
            while (log.isEmpty()) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            lock.unlock(self);
            assertThat(lock.tryLock(self)).isTrue();
            assertThat(self.cpu().preemptCount()).isEqualTo(1);
            assertThat(lock.tryLock(self)).as("not recursive").isFalse();
            lock.unlock(self);
        });
        lab.finish();
    }

    @Test
    void lockIrqSaveDisablesInterruptsAndRestoresWhatWas() {
        SpinLock inner = lab.execution().newSpinLock("inner");
        lab.start("task", self -> {
            boolean flags = lock.lockIrqSave(self);
            assertThat(flags).isTrue();
            assertThat(self.cpu().processor().interruptsEnabled()).isFalse();
            boolean innerFlags = inner.lockIrqSave(self);
            assertThat(innerFlags).isFalse();
            inner.unlockIrqRestore(self, innerFlags);
            assertThat(self.cpu().processor().interruptsEnabled())
                    .as("still disabled by the outer lock")
                    .isFalse();
            lock.unlockIrqRestore(self, flags);
            assertThat(self.cpu().processor().interruptsEnabled()).isTrue();
            assertThat(self.cpu().preemptCount()).isZero();
        });
        lab.finish();
    }

    @Test
    void anInterruptThatCameMeanwhileIsTakenWhenTheyAreEnabledAgain() {
        BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            log.add("handler");
            return InterruptResult.HANDLED;
        });
        lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 1);
        lab.startOn(0, "task", self -> {
            boolean flags = lock.lockIrqSave(self);
            device.write32(Doorbell.RING.offset(), 0);
            for (int i = 0; i < 10; i++) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            log.add("end of section");
            lock.unlockIrqRestore(self, flags);
            log.add("after");
        });
        lab.finish();
        assertThat(log).containsExactly("end of section", "handler", "after");
    }

    @Test
    void lockBhKeepsTaskletsOffUntilItIsUnlocked() {
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, context -> log.add("tasklet"));
        lab.start("task", self -> {
            lock.lockBh(self);
            assertThat(self.cpu().preemptCount()).isEqualTo(Cpu.SOFTIRQ_DISABLE_OFFSET + 1);
            tasklet.schedule(self);
            self.cpu().point(Point.REGISTER_ACCESS);
            log.add("end of section");
            lock.unlockBh(self);
            log.add("after");
            assertThat(self.cpu().preemptCount()).isZero();
        });
        lab.finish();
        assertThat(log).containsExactly("end of section", "tasklet", "after");
    }

    @Test
    void lockBhNestsAndOnlyTheOutermostLetsSoftirqsIn() {
        SpinLock inner = lab.execution().newSpinLock("inner");
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, context -> log.add("tasklet"));
        lab.start("task", self -> {
            lock.lockBh(self);
            inner.lockBh(self);
            tasklet.schedule(self);
            inner.unlockBh(self);
            log.add("inner");
            lock.unlockBh(self);
            log.add("outer");
        });
        lab.finish();
        assertThat(log).containsExactly("inner", "tasklet", "outer");
    }

    @Test
    void softirqsLetInWithInterruptsDisabledAreLeftToTheDaemon() {
        SpinLock outer = lab.execution().newSpinLock("outer");
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, context -> log.add("by " + context.currentName()));
        lab.startOn(0, "task", self -> {
            boolean flags = outer.lockIrqSave(self);
            lock.lockBh(self);
            tasklet.schedule(self);
            lock.unlockBh(self);
            log.add("not yet");
            outer.unlockIrqRestore(self, flags);
        });
        lab.run();
        lab.checkHealthy();
        assertThat(log).containsExactly("not yet", "by ksoftirqd/0");
    }

    // ---- misuse

    @Test
    void takingALockTwiceIsReportedWithTheHintThatHelps() {
        lab.start("task", self -> {
            lock.lock(self);
            lock.lock(self);
        });
        lab.run();
        assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
        assertThat(lab.reports().getFirst()).matches("BUG: spinlock recursion on CPU#[01], task/\\d+");
        assertThat(lab.reports())
                .anyMatch(line -> line.startsWith("hint: share a lock with a handler only by lockIrqSave"));
    }

    @Test
    void aHandlerThatWantsTheLockOfWhatItInterruptedIsReported() {
        BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            lock.lock(context);
            lock.unlock(context);
            return InterruptResult.HANDLED;
        });
        lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 1);
        lab.startOn(0, "task", self -> {
            lock.lock(self);
            device.write32(Doorbell.RING.offset(), 0);
            self.cpu().point(Point.REGISTER_ACCESS);
            lock.unlock(self);
        });
        lab.run();
        assertThat(lab.deadInterrupts()).singleElement().isInstanceOf(KernelBug.class);
        assertThat(lab.reports()).anyMatch(line -> line.startsWith("BUG: spinlock recursion on CPU#0, task/"));
    }

    @Test
    void unlockingWhatNobodyHoldsIsReported() {
        lab.start("task", self -> lock.unlock(self));
        lab.run();
        assertThat(lab.reports())
                .contains("WARNING: bad unlock balance detected!", "but there are no more locks to release!");
        assertThat(lab.deadTasks()).hasSize(1);
    }

    @Test
    void unlockingWhatAnotherProcessorHoldsIsReportedAndLeavesItTheLock() {
        lab.startOn(0, "holder", self -> {
            lock.lock(self);
            lab.startOn(1, "thief", thief -> lock.unlock(thief));
            while (lab.deadTasks().isEmpty()) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            lock.unlock(self);
            log.add("unlocked");
        });
        lab.run();
        assertThat(lab.reports()).contains("WARNING: bad unlock balance detected!");
        assertThat(log).containsExactly("unlocked");
    }

    @Test
    void theLocksOfATaskThatDiedAreReleased() {
        lab.startOn(0, "victim", self -> {
            lock.lockIrqSave(self);
            throw new IllegalStateException("a bug in a driver");
        });
        lab.startOn(1, "next", self -> {
            lock.lock(self);
            log.add("got it");
            lock.unlock(self);
        });
        lab.startOn(0, "other", self -> {
            assertThat(self.cpu().preemptCount()).isZero();
            assertThat(self.cpu().processor().interruptsEnabled()).isTrue();
            self.sleep(1);
            log.add("sleeps");
        });
        lab.run();
        assertThat(lab.deadTasks()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(log).containsExactlyInAnyOrder("got it", "sleeps");
    }

    // ---- deadlock

    @Test
    void processorsThatSpinForEachOtherAreReported() {
        deadlock();
        lab.run();
        assertThat(lab.deadlocks())
                .singleElement()
                .asString()
                .contains("CPU0 (first/", "CPU1 (second/", "spin lock lock", "spin lock inner");
    }

    @Test
    void theyAreReportedAlthoughTheHardwareGoesOnForEver() {
        beat();
        deadlock();
        lab.run();
        assertThat(lab.deadlocks()).hasSize(1);
    }

    private void beat() {
        lab.after(1_000, this::beat);
    }

    private void deadlock() {
        SpinLock inner = lab.execution().newSpinLock("inner");
        List<String> holders = new ArrayList<>();
        lab.startOn(0, "first", self -> {
            lock.lock(self);
            holders.add("first");
            while (holders.size() < 2) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            inner.lock(self);
        });
        lab.startOn(1, "second", self -> {
            inner.lock(self);
            holders.add("second");
            while (holders.size() < 2) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            lock.lock(self);
        });
    }
}
