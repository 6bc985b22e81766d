// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.ArrayList;
import java.util.List;

/** The rules of contexts, and what is said when one is broken: Linux's words, the reason, the offending line. */
public final class Rules {
    private static final String KEPT_CONTEXT =
            "reason: this ProcessContext belongs to %s, which is not running here: a context is valid only in"
                    + " the call that it was passed to";

    private final Execution execution;
    private final RuleReporter reporter;

    Rules(Execution execution, RuleReporter reporter) {
        this.execution = execution;
        this.reporter = reporter;
    }

    /** @param cpu the processor that executes the caller */
    void sleepingInAtomic(Task task, Cpu cpu, String function) {
        StackWalker.StackFrame at = offender();
        String reason;
        if (cpu.inHardirq()) {
            reason = "reason: an interrupt handler borrows the stack of " + cpu.current()
                    + ", an innocent bystander; if it slept, that task would sleep in its place";
        } else if (cpu.isServingSoftirq()) {
            reason =
                    "reason: deferred work runs on behalf of no process; there is nobody to put to sleep but the bystander "
                            + cpu.current();
        } else if (!task.isOnOwnThread()) {
            reason = KEPT_CONTEXT.formatted(task);
        } else if (!cpu.processor().interruptsEnabled()) {
            reason = "reason: interrupts are disabled on this processor; asleep, it could never be interrupted again";
        } else {
            reason =
                    "reason: a spin lock is held (or preemption is disabled); the others would spin for as long as this task sleeps";
        }
        List<String> lines = new ArrayList<>(List.of(
                "BUG: sleeping function called from invalid context at %s:%d"
                        .formatted(at.getFileName(), at.getLineNumber()),
                "in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s"
                        .formatted(
                                cpu.preemptCount() != 0 ? 1 : 0,
                                cpu.processor().interruptsEnabled() ? 0 : 1,
                                cpu.current().pid(),
                                cpu.current().name()),
                "preempt_count: %x, expected: 0".formatted(cpu.preemptCount()),
                "%s() may sleep, called from %s".formatted(function, at),
                reason));
        if (cpu.inInterrupt() && (!task.isOnOwnThread() || cpu.current() != task)) {
            lines.add(KEPT_CONTEXT.formatted(task));
        }
        broken(cpu, lines);
    }

    /** A condition that somebody waits for sleeps itself: the two sleeps would take each other's wake-ups. */
    void sleepingWhileNotRunning(Task task, String function) {
        broken(
                task.cpu(),
                List.of(
                        "do not call blocking ops when !TASK_RUNNING; state=%x set at [<%s>]"
                                .formatted(task.state(), task.waitingFor()),
                        "%s() may sleep, called from %s".formatted(function, offender()),
                        "reason: the condition of a wait is evaluated by a task that has said already that it sleeps; a second sleep inside would lose"
                                + " the wake-up of the first"));
    }

    /** The code of a task has come to its end and holds something still; nothing is thrown, the locks are released by force. */
    void exitedWithLocks(Task task, Cpu cpu) {
        List<String> lines = new ArrayList<>();
        lines.add("WARNING: %s/%d still has locks held!".formatted(task.name(), task.pid()));
        if (cpu.preemptCount() != 0 || !cpu.processor().interruptsEnabled()) {
            lines.add("note: %s[%d] exited with preempt_count %x, irqs %s"
                    .formatted(
                            task.name(),
                            task.pid(),
                            cpu.preemptCount(),
                            cpu.processor().interruptsEnabled() ? "enabled" : "disabled"));
        }
        addHeldLocks(lines, task, cpu);
        reporter.report(cpu, lines);
    }

    /** A system call goes back to user mode and holds something still; nothing is thrown, the locks are released by force. */
    void leavingWithLocks(Task task, Cpu cpu) {
        List<String> lines = new ArrayList<>();
        lines.add("WARNING: lock held when returning to user space!");
        lines.add("%s/%d is leaving the kernel with locks still held!".formatted(task.name(), task.pid()));
        lines.add("preempt_count: %x, irqs_disabled(): %d"
                .formatted(cpu.preemptCount(), cpu.processor().interruptsEnabled() ? 0 : 1));
        addHeldLocks(lines, task, cpu);
        reporter.report(cpu, lines);
    }

    private static void addHeldLocks(List<String> lines, Task task, Cpu cpu) {
        cpu.heldLocks().forEach(lock -> lines.add(" spin lock " + lock));
        task.heldMutexes().forEach(mutex -> lines.add(" " + mutex));
        lines.add("reason: whoever wants them would wait for ever; they are released by force");
    }

    void schedulingWhileAtomic(Task task, Cpu cpu) {
        broken(
                cpu,
                List.of(
                        "BUG: scheduling while atomic: %s/%d/0x%08x"
                                .formatted(task.name(), task.pid(), cpu.preemptCount()),
                        "reason: a processor that holds a spin lock or handles an interrupt cannot switch to another task"));
    }

    void spinlockRecursion(Cpu cpu, String lock) {
        StackWalker.StackFrame at = offender();
        broken(
                cpu,
                List.of(
                        "BUG: spinlock recursion on CPU#%d, %s/%d"
                                .formatted(
                                        cpu.id(),
                                        cpu.current().name(),
                                        cpu.current().pid()),
                        " lock: %s, taken again at %s".formatted(lock, at),
                        "reason: the holder is what this processor interrupted or called from; it cannot release the lock while we spin for it",
                        "hint: share a lock with a handler only by lockIrqSave, with a tasklet by lockBh"));
    }

    void badUnlock(Cpu cpu, String lock) {
        broken(
                cpu,
                List.of(
                        "WARNING: bad unlock balance detected!",
                        "%s/%d is trying to release lock (%s) at: %s"
                                .formatted(cpu.current().name(), cpu.current().pid(), lock, offender()),
                        "but there are no more locks to release!"));
    }

    /** A task waits for what only it can give: a mutex that it holds, the end of a work item that it runs. */
    void recursiveLocking(Task task, String lock, String reason) {
        broken(
                task.cpu(),
                List.of(
                        "WARNING: possible recursive locking detected",
                        "%s/%d is trying to acquire lock (%s) at: %s"
                                .formatted(task.name(), task.pid(), lock, offender()),
                        "but task is already holding lock (%s)".formatted(lock),
                        "reason: " + reason));
    }

    void nobodyCared(Cpu cpu, Interrupts.Descriptor descriptor) {
        List<String> lines = new ArrayList<>();
        lines.add("irq %d: nobody cared (try booting with the \"irqpoll\" option)"
                .formatted(descriptor.line().number()));
        lines.add("handlers:");
        descriptor.actions().forEach(action -> lines.add("[<" + action.name() + ">]"));
        lines.add("Disabling IRQ #" + descriptor.line().number());
        reporter.report(cpu, lines);
    }

    /**
     * Something is wrong that does no harm yet; the caller goes on (Linux: WARN).
     *
     * @param cpu where it happened; null when the caller has no context and is to be found
     */
    public void warn(Cpu cpu, List<String> lines) {
        List<String> report = new ArrayList<>();
        report.add("------------[ cut here ]------------");
        report.addAll(lines);
        reporter.report(cpu == null ? execution.cpuOfCaller() : cpu, report);
    }

    private void broken(Cpu cpu, List<String> lines) {
        reporter.report(cpu, lines);
        throw new KernelBug(lines.getFirst());
    }

    /** The innermost caller that is neither kernel nor JDK, else the innermost of another package of the kernel. */
    private static StackWalker.StackFrame offender() {
        List<StackWalker.StackFrame> frames = StackWalker.getInstance()
                .walk(all -> all.filter(frame -> !isOf(frame, "java.") && !isOf(frame, "jdk."))
                        .toList());
        return frames.stream()
                .filter(frame -> !isOf(frame, "kernel.core."))
                .findFirst()
                .or(() -> frames.stream()
                        .filter(frame -> !isOf(frame, "kernel.core.execution."))
                        .findFirst())
                .orElseGet(frames::getLast);
    }

    private static boolean isOf(StackWalker.StackFrame frame, String packages) {
        return frame.getClassName().startsWith(packages);
    }
}
