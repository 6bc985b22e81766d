// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.cpu.Processor;
import hardware.machine.time.Timeline;
import hardware.machine.time.VirtualTimeline;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
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
    /** For how long the end waits for a thread that sleeps in the host. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final VirtualTimeline timeline = new VirtualTimeline();
    private final Schedule schedule;
    private final VirtualThreads threads;
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    /** The tasks whose threads have begun and not ended, in that order, whether anybody still knows them or not. */
    private final Set<Task> alive = Collections.synchronizedSet(new LinkedHashSet<>());

    private Execution execution;
    private Moves moves;
    /** The task whose thread moves; null when the caller of run does. */
    private volatile Task holder;

    private volatile Thread base;
    private BooleanSupplier stop = () -> false;
    private long limitNanos = Long.MAX_VALUE;
    /** What went wrong with the run itself rather than in the machine; thrown on by {@link #run}. */
    private volatile Throwable failure;

    private boolean deadlockReported;

    DeterministicConductor(Schedule schedule, VirtualThreads threads) {
        this.schedule = schedule;
        this.threads = threads;
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
        alive.add(task);
        return threads.unstarted(this::carry, task.name(), body);
    }

    @Override
    public void ended(Task task) {
        alive.remove(task);
        if (execution.isHalted()) {
            // Nobody moves after this one, and it may be waited for.
            holder = null;
            LockSupport.unpark(base);
        }
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
     * Runs until nothing can move any more, {@code until} holds, the clock has passed the limit, the next event lies beyond it, or the kernel
     * halts. A run that was ended in the middle of something goes on there the next time. Called by one host thread at a time, not from within
     * the machine.
     *
     * @param until asked at every point; must not change anything
     * @param limit time of the machine's clock in nanoseconds
     * @return whether {@code until} holds
     * @throws IllegalStateException a thread of the host has called the kernel: the run cannot be repeated
     */
    public boolean run(BooleanSupplier until, long limit) {
        stop = until;
        limitNanos = limit;
        base = Thread.currentThread();
        try {
            Task first = execution.isHalted() ? null : next(null);
            if (first != null) {
                holder = first;
                first.resume();
                carryUntilReturned();
            }
        } catch (Halt e) {
            return until.getAsBoolean();
        } finally {
            base = null;
        }
        throwFailure();
        return until.getAsBoolean();
    }

    private void throwFailure() {
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError(thrown);
        }
    }

    /** Whether something could move: a processor, or an event at whatever time. */
    public boolean canMove() {
        limitNanos = Long.MAX_VALUE;
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
        Task self = cpu.current();
        if (holder != self || !self.isOnOwnThread()) {
            throw foreignThread(cpu, point);
        }
        timeline.charge(point.costNanos());
        cpu.interruptChosen = false;
        Task next = next(cpu);
        if (next != self) {
            handOver(next);
            self.awaitResume();
        }
        return cpu.interruptChosen;
    }

    private IllegalStateException foreignThread(Cpu cpu, Point point) {
        IllegalStateException intrusion =
                new IllegalStateException("foreign thread " + Thread.currentThread() + " at a point ("
                        + point + ") of " + cpu + ", which runs " + cpu.current()
                        + ": kernel code was called from outside of the machine, or with a context of somebody else");
        failure = intrusion;
        return intrusion;
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
        Task next = next(null);
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

    /** Who moves now; null when the run is over. What the one who drives the machine got wrong is for him, not for an innocent task. */
    private Task next(Cpu running) {
        try {
            return timeline.now() > limitNanos || stop.getAsBoolean() ? null : chooseHost(running);
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failure = e;
            return null;
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
                report.append(cpu)
                        .append(" (")
                        .append(cpu.current())
                        .append(") spins on ")
                        .append(cpu.spinningOn.describe())
                        .append("; ");
            }
        }
        if (!report.isEmpty()) {
            deadlock(report.toString());
            if (running != null) {
                execution.checkHalt();
            }
        }
        return null;
    }

    private void deadlock(String report) {
        if (!deadlockReported) {
            deadlockReported = true;
            execution.fatal().deadlock(report);
        }
    }

    /** Processors that spin for each other in a circle will do so for ever, whatever else goes on in the machine. */
    private void lookForCircle(Cpu start) {
        StringBuilder report = new StringBuilder();
        Cpu cpu = start;
        for (int step = 0; step < execution.cpuCount() && cpu != null; step++) {
            Spinnable lock = cpu.spinningOn;
            if (lock == null) {
                return;
            }
            report.append(cpu)
                    .append(" (")
                    .append(cpu.current())
                    .append(") spins on ")
                    .append(lock.describe())
                    .append("; ");
            cpu = lock.holder();
            if (cpu == start) {
                deadlock(report.toString());
                return;
            }
        }
    }

    @Override
    public void dispatched(Task task) {
        // The schedule will choose its processor sooner or later.
    }

    @Override
    public void spin(Cpu cpu, Spinnable lock) {
        lookForCircle(cpu);
        cpu.point(Point.SPIN);
    }

    @Override
    public void awaitInterruptEnd(Cpu cpu) {
        throw new AssertionError("in deterministic mode nobody else acts as " + cpu);
    }

    @Override
    public void letHostThreadsRun() {
        throw new AssertionError("in deterministic mode nobody shares a carrier");
    }

    @Override
    public void interruptPending(Processor target) {
        // The schedule sees it in the attention word.
    }

    @Override
    public void close() {
        base = Thread.currentThread();
        Patience patience = new Patience(PATIENCE);
        for (Task task : alive.toArray(new Task[0])) {
            holder = null;
            task.unwind();
            end(task, patience);
        }
        base = null;
    }

    /** Carries the thread until it has ended. */
    private void end(Task task, Patience patience) {
        while (alive.contains(task) && !patience.isOver()) {
            Runnable continuation = ready.poll();
            if (continuation != null) {
                continuation.run();
            } else {
                LockSupport.parkNanos(this, patience.leftNanos());
            }
        }
    }
}
