// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.cpu.Processor;
import hardware.machine.time.Timeline;
import hardware.machine.time.VirtualTimeline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import kernel.core.schedule.Moves;
import kernel.core.schedule.Moves.Kind;
import kernel.core.schedule.Schedule;

/**
 * Deterministic mode: one host thread at a time, over all processors and devices. Whoever is at a point asks the schedule
 * and, if somebody else is to move, hands the baton over and waits. Time is virtual.
 *
 * <p>The thread that calls {@link #run} carries all tasks, so that a whole machine runs on one host thread.
 */
public final class DeterministicConductor implements Conductor {
    private final VirtualTimeline timeline = new VirtualTimeline();
    private final Schedule schedule;
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private Execution execution;
    private Moves moves;
    /** The task whose thread moves; null when the caller of run does. */
    private volatile Task holder;

    private volatile Thread base;
    private BooleanSupplier stop = () -> false;
    private long limitNanos = Long.MAX_VALUE;

    DeterministicConductor(Schedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public boolean decides() {
        return true;
    }

    @Override
    public void start(Execution started) {
        execution = started;
        moves = new Moves(started.cpuCount());
    }

    @Override
    public Thread newThread(Task task, Runnable body) {
        return VirtualThreads.unstarted(this::carry, task.name(), body);
    }

    private void carry(Runnable continuation) {
        ready.add(continuation);
        Thread caller = base;
        if (caller != null && caller != Thread.currentThread()) {
            LockSupport.unpark(caller);
        }
    }

    // ---- for whoever drives the machine

    /**
     * Runs until nothing can move any more, {@code until} holds, or the next event lies beyond the limit. Called by one host
     * thread at a time, not from within the machine.
     *
     * @param limit time of the machine's clock in nanoseconds
     * @return whether {@code until} holds
     */
    public boolean run(BooleanSupplier until, long limit) {
        stop = until;
        limitNanos = limit;
        base = Thread.currentThread();
        try {
            Task first = until.getAsBoolean() ? null : chooseHost(null);
            if (first != null) {
                holder = first;
                first.resume();
                carryUntilReturned();
            }
        } finally {
            base = null;
        }
        return until.getAsBoolean();
    }

    /** Whether something could move: a processor, or an event at whatever time. */
    public boolean canMove() {
        gather(null);
        return moves.count() > 0;
    }

    /** Runs continuations on the calling thread until the baton is back. */
    private void carryUntilReturned() {
        while (holder != null) {
            Runnable continuation = ready.poll();
            if (continuation != null) {
                continuation.run();
            } else if (holder != null) {
                LockSupport.park(this);
            }
        }
    }

    // ---- the baton

    @Override
    public boolean decide(Cpu cpu, Point point) {
        execution.checkHalt();
        timeline.charge(point.costNanos());
        Task self = cpu.current();
        if (holder != self) {
            throw new IllegalStateException("foreign thread " + Thread.currentThread() + " at a point of " + cpu
                    + ": kernel code was called from outside of the machine");
        }
        cpu.interruptChosen = false;
        Task next = stop.getAsBoolean() ? null : chooseHost(cpu);
        if (next != self) {
            handOver(next);
            self.awaitResume();
        }
        return cpu.interruptChosen;
    }

    @Override
    public void switchTo(Cpu cpu, Task previous, Task next) {
        leave(previous);
    }

    @Override
    public void goIdle(Cpu cpu, Task previous) {
        cpu.processor().release(Processor.IDLE);
        leave(previous);
    }

    /** The thread of {@code self} does not own a processor any more: somebody else moves. */
    private void leave(Task self) {
        Task next = stop.getAsBoolean() ? null : chooseHost(null);
        if (next == self) {
            return;
        }
        handOver(next);
        if (self.state() != Task.DEAD) {
            self.awaitResume();
        }
    }

    private void handOver(Task next) {
        holder = next;
        if (next != null) {
            next.resume();
        } else {
            LockSupport.unpark(base);
        }
    }

    /** The life of an idle task: takes the interrupts of an idle processor whenever the schedule says so. */
    void idle(Cpu cpu) {
        for (; ; ) {
            cpu.serviceUnowned();
            leave(cpu.idle());
        }
    }

    /**
     * Asks the schedule until it names a processor, letting events happen in between.
     *
     * @param running the processor at the point, or null
     * @return the task on the chosen processor, or null when nothing can move
     */
    private Task chooseHost(Cpu running) {
        for (; ; ) {
            gather(running);
            if (moves.count() == 0) {
                return nobody(running);
            }
            int choice = moves.count() == 1 ? 0 : schedule.choose(moves);
            if (moves.kind(choice) == Kind.EVENT) {
                happen();
                execution.checkHalt();
            } else {
                Cpu chosen = execution.cpu(moves.processor(choice));
                chosen.interruptChosen = moves.kind(choice) == Kind.INTERRUPT;
                return chosen.current();
            }
        }
    }

    private void happen() {
        try {
            timeline.fireNext();
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            execution.fatal().hardwareDied(e);
        }
    }

    private void gather(Cpu running) {
        moves.clear(running == null ? -1 : running.id(), timeline.now());
        for (int id = 0; id < execution.cpuCount(); id++) {
            Cpu cpu = execution.cpu(id);
            Processor processor = cpu.processor();
            boolean interrupt = (processor.attention() & Processor.ATTENTION_INTERRUPT) != 0;
            boolean idle = processor.mode() == Processor.IDLE;
            if (!idle && (cpu.spinningOn == null || !cpu.spinningOn.isHeld())) {
                moves.add(Kind.RUN, id, 0);
            }
            if (interrupt && (idle || processor.interruptsEnabled())) {
                moves.add(Kind.INTERRUPT, id, 0);
            }
        }
        long due = timeline.nextDueNanos();
        if (due <= limitNanos
                && due != Long.MAX_VALUE
                && (moves.count() == 0 || due <= timeline.now() + schedule.maxJumpNanos())) {
            moves.add(Kind.EVENT, -1, due);
        }
    }

    /** Nothing can move: the machine rests, or it is deadlocked. */
    private Task nobody(Cpu running) {
        StringBuilder report = new StringBuilder();
        for (int id = 0; id < execution.cpuCount(); id++) {
            Cpu cpu = execution.cpu(id);
            if (cpu.processor().mode() != Processor.IDLE && cpu.spinningOn != null) {
                report.append(cpu).append(" (").append(cpu.current()).append(") spins on ").append(cpu.spinningOn.describe()).append("; ");
            }
        }
        if (!report.isEmpty()) {
            execution.fatal().deadlock(report.toString());
            if (running != null) {
                execution.checkHalt();
            }
        }
        return null;
    }

    @Override
    public void dispatched(Task task) {
        // The schedule will choose its processor sooner or later.
    }

    @Override
    public void spin(Cpu cpu, Spinnable lock) {
        cpu.point(Point.SPIN);
    }

    @Override
    public void awaitInterruptEnd(Cpu cpu) {
        throw new AssertionError("in deterministic mode nobody else acts as " + cpu);
    }

    @Override
    public void interruptPending(Processor target) {
        // The schedule sees it in the attention word.
    }

    @Override
    public void close() {
        base = Thread.currentThread();
        for (Task task : execution.tasks()) {
            unwind(task);
        }
        for (int id = 0; id < execution.cpuCount(); id++) {
            unwind(execution.cpu(id).idle());
        }
        base = null;
    }

    private void unwind(Task task) {
        holder = null;
        task.unwind();
        for (Runnable continuation = ready.poll(); continuation != null; continuation = ready.poll()) {
            continuation.run();
        }
    }
}
