// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.bus.DeviceModel;
import hardware.machine.time.Timeline;
import hardware.machine.time.VirtualTimeline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kernel.core.schedule.ExploringSchedule;
import kernel.core.schedule.Schedule;
import kernel.core.schedule.SeededSchedule;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;

/** A machine with nothing on top of the scheduler, the tasks that a test started on it, and what it complained of. */
public final class Lab implements Fatal, RuleReporter, AutoCloseable {
    private static final long MEMORY_BYTES = 1 << 23;

    private final Trace trace = new Trace();
    private final List<Task> started = new CopyOnWriteArrayList<>();
    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<Throwable> deadTasks = new CopyOnWriteArrayList<>();
    private final List<Throwable> deadInterrupts = new CopyOnWriteArrayList<>();
    private final List<Throwable> deadHardware = new CopyOnWriteArrayList<>();
    private final List<String> deadlocks = new CopyOnWriteArrayList<>();
    private final List<TraceRecord> records = new CopyOnWriteArrayList<>();
    private Execution execution;
    private long seed;

    private Lab() {}

    /** Processors that keep to the clock, in virtual time. */
    public static Lab deterministic(int cpus) {
        return scheduled(cpus, new SeededSchedule(1));
    }

    /** Processors that may move at any point, devices that may be early. */
    public static Lab exploring(int cpus, long seed) {
        Lab lab = scheduled(cpus, new ExploringSchedule(seed));
        lab.seed = seed;
        return lab;
    }

    /** For what else a test wants to be random. */
    public long seed() {
        return seed;
    }

    public static Lab scheduled(int cpus, Schedule schedule) {
        Lab lab = new Lab();
        lab.execution = Execution.deterministic(timeline -> lab.machine(cpus, timeline), lab.trace, lab, lab, schedule);
        return lab;
    }

    /** As {@link #scheduled}, on threads of that kind. */
    static Lab scheduled(int cpus, Schedule schedule, VirtualThreads threads) {
        Lab lab = new Lab();
        lab.execution = new Execution(
                new DeterministicConductor(schedule, threads),
                conductor -> lab.machine(cpus, conductor.timeline()),
                lab.trace,
                lab,
                lab);
        return lab;
    }

    /** Processors that really run side by side; {@code name} begins the names of their host threads. */
    static Lab live(int cpus, String name, VirtualThreads threads) {
        Lab lab = new Lab();
        lab.execution = new Execution(
                new LiveConductor(name, lab, threads),
                conductor -> lab.machine(cpus, conductor.timeline()),
                lab.trace,
                lab,
                lab);
        return lab;
    }

    private Machine machine(int cpus, Timeline timeline) {
        return new Machine(cpus, MEMORY_BYTES, true, timeline, 1);
    }

    public Execution execution() {
        return execution;
    }

    public Machine machine() {
        return execution.machine();
    }

    Cpu cpu(int id) {
        return execution.cpu(id);
    }

    public BusDevice plug(DeviceModel model) {
        return machine().bus().attach(model);
    }

    // ---- tasks

    /** Starts a task; what it throws fails the test in {@link #checkHealthy}. */
    public Task start(String name, Consumer<Task> body) {
        Task task = execution.newTask(name, body);
        started.add(task);
        execution.start(task);
        return task;
    }

    /** A task that somebody else made and starts. */
    public void started(Task task) {
        started.add(task);
    }

    /** Starts a task on one processor, where it stays. */
    Task startOn(int cpu, String name, Consumer<Task> body) {
        Task task = execution.newTask(name, body);
        task.pinTo(execution.cpu(cpu));
        started.add(task);
        execution.start(task);
        return task;
    }

    // ---- time

    /** Until the machine rests. */
    public void run() {
        runUntil(() -> false);
    }

    public boolean runUntil(BooleanSupplier condition) {
        return execution.deterministicConductor().run(condition, Long.MAX_VALUE);
    }

    /** Lets a task compute for that long without a point. */
    public void spend(long nanos) {
        ((VirtualTimeline) machine().timeline()).charge(nanos);
    }

    /** Something on the hardware's own timeline. */
    public void after(long nanos, Runnable action) {
        machine().timeline().event("test", action).scheduleIn(nanos);
    }

    // ---- what happened

    /** Runs until the machine rests; every task has ended then and nobody complained. */
    public void finish() {
        run();
        checkHealthy();
        assertThat(started).as("tasks that never end").allMatch(task -> task.state() == Task.DEAD);
    }

    public void checkHealthy() {
        deadTasks.forEach(Lab::rethrow);
        deadInterrupts.forEach(Lab::rethrow);
        deadHardware.forEach(Lab::rethrow);
        assertThat(deadlocks).isEmpty();
        assertThat(reports).isEmpty();
    }

    private static void rethrow(Throwable death) {
        throw new AssertionError(death.toString(), death);
    }

    /** All lines of all reports of broken rules. */
    public List<String> reports() {
        return reports;
    }

    public List<Throwable> deadTasks() {
        return deadTasks;
    }

    public List<Throwable> deadInterrupts() {
        return deadInterrupts;
    }

    public List<String> deadlocks() {
        return deadlocks;
    }

    /** Keeps all events from now on. */
    public Lab recording() {
        trace.listen(records::add);
        return this;
    }

    public Trace trace() {
        return trace;
    }

    public List<TraceRecord> records() {
        return records;
    }

    public List<TraceRecord> records(TraceEvent kind) {
        return records.stream().filter(event -> event.event() == kind).toList();
    }

    /** What each task is doing, for a test that hangs. */
    String tasks() {
        StringBuilder text = new StringBuilder();
        for (int id = 0; id < execution.cpuCount(); id++) {
            Cpu cpu = execution.cpu(id);
            text.append("%s mode %d attention %x preempt_count %x current %s, %d queued\n"
                    .formatted(
                            cpu,
                            cpu.processor().mode(),
                            cpu.processor().attention(),
                            cpu.preemptCount(),
                            cpu.current(),
                            cpu.runQueue.length()));
        }
        for (Task task : execution.tasks()) {
            text.append(
                    "%s state %d on %s waits for '%s'\n".formatted(task, task.state(), task.cpu(), task.waitingFor()));
            Thread thread = task.thread();
            if (thread != null) {
                for (StackTraceElement frame : thread.getStackTrace()) {
                    text.append("    at ").append(frame).append('\n');
                }
            }
        }
        return text.toString();
    }

    // ---- complaints

    @Override
    public void report(Cpu cpu, List<String> lines) {
        reports.addAll(lines);
    }

    @Override
    public void interruptDied(Cpu cpu, String what, Throwable cause) {
        deadInterrupts.add(cause);
        execution.halt();
        throw new Halt("panic");
    }

    @Override
    public void taskDied(Task task, Throwable cause) {
        deadTasks.add(cause);
        task.releaseAllLocks();
    }

    @Override
    public void hardwareDied(Throwable cause) {
        deadHardware.add(cause);
    }

    @Override
    public void deadlock(String report) {
        deadlocks.add(report);
        execution.halt();
    }

    @Override
    public void close() {
        execution.close();
    }
}
