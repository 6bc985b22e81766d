// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.cpu.Processor;
import hardware.machine.time.HostTimeline;
import hardware.machine.time.Timeline;
import java.time.Duration;

/**
 * Live mode: each processor has a carrier thread of its own, devices have the hardware thread, and what happens next is
 * what happens next.
 */
final class LiveConductor implements Conductor {
    private static final int SPINS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final HostTimeline timeline;
    private Execution execution;
    private HostCarrier[] carriers;

    LiveConductor(String name, Fatal fatal) {
        this.name = name;
        timeline = new HostTimeline(
                name + "-hardware", this::serveProcessors, (thread, cause) -> fatal.hardwareDied(cause));
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
    }

    @Override
    public Thread newThread(Task task, Runnable body) {
        return VirtualThreads.unstarted(
                continuation -> carriers[task.cpu.id()].execute(continuation), task.name(), body);
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
        Cpu before = previous.cpu;
        previous.awaitResume();
        if (previous.cpu != before && VirtualThreads.carriersAreOurs()) {
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
            Thread.yield();
        }
    }

    @Override
    public void awaitInterruptEnd(Cpu cpu) {
        for (int spin = 0; spin < SPINS && cpu.processor().mode() == Processor.INTERRUPT; spin++) {
            Thread.onSpinWait();
        }
        if (cpu.processor().mode() == Processor.INTERRUPT) {
            Thread.yield();
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
        timeline.close();
        for (Task task : execution.tasks()) {
            task.unwind();
        }
        for (Task task : execution.tasks()) {
            task.joinThread(PATIENCE);
        }
        for (HostCarrier carrier : carriers) {
            carrier.stop();
        }
    }
}
