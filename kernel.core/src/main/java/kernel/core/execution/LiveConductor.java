// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.cpu.Processor;
import hardware.machine.time.HostTimeline;
import hardware.machine.time.Timeline;
import hardware.machine.time.TimelineEvent;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Live mode: each processor has a carrier thread of its own, devices have the hardware thread, and what happens next is
 * what happens next.
 */
final class LiveConductor implements Conductor {
    private static final int SPINS = 100;
    /** How long a thread keeps a carrier that is not ours, in nanoseconds: the JDK takes it away from nobody. */
    private static final long HOST_SLICE_NANOS = 5_000_000;
    /** For how long the end waits for threads; one in user code that never traps cannot be made to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final VirtualThreads threads;
    private final HostTimeline timeline;
    private final CompletableFuture<Thread> hardware = new CompletableFuture<>();
    /** The tasks whose threads have begun and not ended, whether anybody still knows them or not. */
    private final Set<Task> alive = ConcurrentHashMap.newKeySet();

    private Execution execution;
    private HostCarrier[] carriers;
    private TimelineEvent hostSlice;

    LiveConductor(String name, Fatal fatal, VirtualThreads threads) {
        this.name = name;
        this.threads = threads;
        timeline = new HostTimeline(name + "-hardware", this::serveProcessors, (thread, cause) -> {
            if (!(cause instanceof Halt)) {
                fatal.hardwareDied(cause);
            }
        });
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public boolean decides() {
        return false;
    }

    @Override
    public void start(Execution started) {
        execution = started;
        carriers = new HostCarrier[started.cpuCount()];
        for (int id = 0; id < carriers.length; id++) {
            carriers[id] = new HostCarrier(name + "-cpu" + id);
            carriers[id].start();
        }
        timeline.start();
        timeline.post("power on", () -> hardware.complete(Thread.currentThread()));
        if (!threads.carriersAreOurs()) {
            hostSlice = timeline.event("host slice", this::hostSliceElapsed);
            hostSlice.scheduleIn(HOST_SLICE_NANOS);
        }
    }

    /** On the timeline, where several processors share the JDK's carriers: those that run let others run, at their next point. */
    private void hostSliceElapsed() {
        for (int id = 0; id < execution.cpuCount(); id++) {
            if (execution.cpu(id).processor().mode() != Processor.IDLE) {
                execution.cpu(id).processor().demandAttention(Cpu.ATTENTION_HOST);
            }
        }
        hostSlice.scheduleIn(HOST_SLICE_NANOS);
    }

    @Override
    public Thread newThread(Task task, Runnable body) {
        alive.add(task);
        return threads.unstarted(continuation -> carry(task, continuation), task.name(), body);
    }

    private void carry(Task task, Runnable continuation) {
        int id = task.cpu.id();
        task.carrier = id;
        carriers[id].execute(continuation);
    }

    @Override
    public void ended(Task task) {
        alive.remove(task);
    }

    @Override
    public boolean decide(Cpu cpu, Point point) {
        throw new AssertionError("nobody decides in live mode");
    }

    @Override
    public void switchTo(Cpu cpu, Task previous, Task next) {
        next.resume();
        await(previous);
    }

    @Override
    public void goIdle(Cpu cpu, Task previous) {
        cpu.processor().release(Processor.IDLE);
        cpu.serviceUnowned();
        await(previous);
    }

    private void await(Task previous) {
        if (previous.state() == Task.DEAD) {
            return;
        }
        previous.awaitResume();
        if (previous.carrier != previous.cpu.id() && threads.carriersAreOurs()) {
            // Woken elsewhere before it had left this carrier: a yield takes it to the right one.
            Thread.yield();
        }
    }

    @Override
    public void dispatched(Task task) {
        task.resume();
    }

    @Override
    public void spin(Cpu cpu, Spinnable lock) {
        for (int spin = 0; spin < SPINS && lock.isHeld(); spin++) {
            Thread.onSpinWait();
        }
        if (lock.isHeld()) {
            cpu.point(Point.SPIN);
            yieldToHost(cpu);
        }
    }

    private void yieldToHost(Cpu cpu) {
        carriers[cpu.id()].yieldToHost();
        Thread.yield();
    }

    @Override
    public void letHostThreadsRun() {
        // Not a yield: that goes to the end of the carrier's own queue, before threads that others have made ready.
        LockSupport.parkNanos(1);
    }

    @Override
    public void awaitInterruptEnd(Cpu cpu) {
        for (int spin = 0; spin < SPINS && cpu.processor().mode() == Processor.INTERRUPT; spin++) {
            Thread.onSpinWait();
        }
        if (cpu.processor().mode() == Processor.INTERRUPT) {
            yieldToHost(cpu);
        }
    }

    @Override
    public void interruptPending(Processor target) {
        if (target.mode() != Processor.KERNEL) {
            timeline.requestErrand();
        }
    }

    /** On the hardware thread, with no lock of a device held: act as the processors that nobody runs. */
    private void serveProcessors() {
        for (int id = 0; id < execution.cpuCount(); id++) {
            execution.cpu(id).serviceUnowned();
        }
    }

    @Override
    public void close() {
        Task self = execution.currentTask();
        Patience patience = new Patience(PATIENCE);
        // The hardware goes first: it can still wake tasks.
        Thread hardwareThread = patience.get(hardware);
        timeline.close();
        patience.join(hardwareThread);
        boolean more = true;
        while (more && !patience.isOver()) {
            more = false;
            for (Task task : alive) {
                task.unwind();
            }
            for (Task task : alive) {
                if (task != self) {
                    more = true;
                    patience.join(task.thread());
                }
            }
        }
        for (HostCarrier carrier : carriers) {
            carrier.stop();
        }
        for (HostCarrier carrier : carriers) {
            if (self == null) {
                patience.join(carrier.thread());
            }
        }
    }
}
