// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of contexts, and what is said when one is broken: Linux's words, the reason, the offending line. */
public final class Rules {
    private final RuleReporter reporter;

    Rules(RuleReporter reporter) {
        this.reporter = reporter;
    }

    void sleepingInAtomic(Task task, Cpu cpu, String function) {
        StackWalker.StackFrame at = offender();
        String reason;
        if (!task.isOnOwnThread() && !cpu.inInterrupt()) {
            reason = "reason: this ProcessContext belongs to " + task
                    + ", which is not running here: a context is valid only in the call that it was passed to";
        } else if (cpu.inHardirq()) {
            reason = "reason: an interrupt handler borrows the stack of " + cpu.current()
                    + ", an innocent bystander; if it slept, that task would sleep in its place";
        } else if (cpu.isServingSoftirq()) {
            reason = "reason: deferred work runs on behalf of no process; there is nobody to put to sleep but the bystander "
                    + cpu.current();
        } else if (!cpu.processor().interruptsEnabled()) {
            reason = "reason: interrupts are disabled on this processor; asleep, it could never be interrupted again";
        } else {
            reason = "reason: a spin lock is held (or preemption is disabled); the others would spin for as long as this task sleeps";
        }
        broken(cpu, List.of(
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
    }

    void schedulingWhileAtomic(Task task, Cpu cpu) {
        broken(cpu, List.of(
                "BUG: scheduling while atomic: %s/%d/0x%08x".formatted(task.name(), task.pid(), cpu.preemptCount()),
                "reason: a processor that holds a spin lock or handles an interrupt cannot switch to another task"));
    }

    void spinlockRecursion(Cpu cpu, String lock) {
        StackWalker.StackFrame at = offender();
        broken(cpu, List.of(
                "BUG: spinlock recursion on CPU#%d, %s/%d".formatted(cpu.id(), cpu.current().name(), cpu.current().pid()),
                " lock: %s, taken again at %s".formatted(lock, at),
                "reason: the holder is what this processor interrupted or called from; it cannot release the lock while we spin for it",
                "hint: share a lock with a handler only by lockIrqSave, with a tasklet by lockBh"));
    }

    void badUnlock(Cpu cpu, String lock) {
        broken(cpu, List.of(
                "WARNING: bad unlock balance detected!",
                "%s/%d is trying to release lock (%s) at: %s"
                        .formatted(cpu.current().name(), cpu.current().pid(), lock, offender()),
                "but there are no more locks to release!"));
    }

    void mutexRecursion(Task task, String mutex) {
        broken(task.cpu(), List.of(
                "WARNING: possible recursive locking detected",
                "%s/%d is trying to acquire lock (%s) at: %s".formatted(task.name(), task.pid(), mutex, offender()),
                "but task is already holding lock (%s)".formatted(mutex),
                "reason: it would sleep until it unlocks the mutex itself"));
    }

    void nobodyCared(Cpu cpu, Interrupts.Descriptor descriptor) {
        List<String> lines = new ArrayList<>();
        lines.add("irq %d: nobody cared (try booting with the \"irqpoll\" option)".formatted(descriptor.line().number()));
        lines.add("handlers:");
        descriptor.actions().forEach(action -> lines.add("[<" + action.name() + ">]"));
        lines.add("Disabling IRQ #" + descriptor.line().number());
        reporter.report(cpu, lines);
    }

    private void broken(Cpu cpu, List<String> lines) {
        reporter.report(cpu, lines);
        throw new KernelBug(lines.getFirst());
    }

    private static StackWalker.StackFrame offender() {
        Optional<StackWalker.StackFrame> frame = StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> !f.getClassName().startsWith("kernel.core."))
                        .findFirst());
        return frame.orElseThrow(() -> new AssertionError("no caller outside the kernel"));
    }
}
