// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.Machine;
import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import kernel.api.context.Context;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import kernel.api.thread.KernelThread;
import kernel.api.wait.Completion;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;

/**
 * The scheduler and what belongs to it: tasks on processors, sleeping, waking, switching. One for each kernel.
 *
 * <p>Lock order: a wait queue's raw lock, then a run queue's; never two run queues at once.
 */
public final class Execution implements AutoCloseable {
    /** How long a task runs while others wait. */
    static final long SLICE_NANOS = 4_000_000;

    /** The pid that is kept for the first process. */
    public static final int INIT_PID = 1;

    private final Conductor conductor;
    private final Machine machine;
    private final Trace trace;
    private final Rules rules;
    private final Fatal fatal;
    private final Cpu[] cpus;
    private final Interrupts interrupts;
    private final WorkQueue workQueue;
    private final Map<Integer, Task> tasks = new ConcurrentHashMap<>();
    private final AtomicInteger lastPid = new AtomicInteger(INIT_PID);
    private final Softirqs.Handler[] softirqHandlers = new Softirqs.Handler[Softirqs.Vector.count()];
    private final LoadAverage loadAverage = new LoadAverage(this);
    private volatile boolean halted;

    /**
     * @param machineOn builds the machine around the conductor's timeline
     * @param fatal told of exceptions that nobody expected
     */
    Execution(
            Conductor conductor,
            Function<Conductor, Machine> machineOn,
            Trace trace,
            RuleReporter reporter,
            Fatal fatal) {
        this.conductor = conductor;
        this.trace = trace;
        this.fatal = fatal;
        machine = machineOn.apply(conductor);
        rules = new Rules(this, reporter);
        interrupts = new Interrupts(this, machine.interrupts());
        cpus = new Cpu[machine.processorCount()];
        for (int id = 0; id < cpus.length; id++) {
            cpus[id] = new Cpu(this, machine.processor(id));
            cpus[id].connectTimerLine(
                    interrupts.requestLocalTimer(cpus[id], machine.interrupts().allocate("timer", Trigger.EDGE, 0)));
            if (conductor.decides()) {
                machine.processor(id).demandAttention(Processor.ATTENTION_SCHEDULE);
            }
        }
        workQueue = new WorkQueue(this, "events");
        machine.interrupts().connect(conductor);
        conductor.start(this);
    }

    /** A kernel whose processors really run side by side, on the host's clock. */
    public static Execution live(
            Function<hardware.machine.time.Timeline, Machine> machineOn,
            Trace trace,
            RuleReporter reporter,
            Fatal fatal,
            String name) {
        return new Execution(
                new LiveConductor(name, fatal, VirtualThreads.best()),
                c -> machineOn.apply(c.timeline()),
                trace,
                reporter,
                fatal);
    }

    /** A kernel in which a schedule decides every step, in virtual time. */
    public static Execution deterministic(
            Function<hardware.machine.time.Timeline, Machine> machineOn,
            Trace trace,
            RuleReporter reporter,
            Fatal fatal,
            kernel.core.schedule.Schedule schedule) {
        return new Execution(
                new DeterministicConductor(schedule, VirtualThreads.best()),
                c -> machineOn.apply(c.timeline()),
                trace,
                reporter,
                fatal);
    }

    public Machine machine() {
        return machine;
    }

    public Trace trace() {
        return trace;
    }

    public Rules rules() {
        return rules;
    }

    public Interrupts interrupts() {
        return interrupts;
    }

    public LoadAverage loadAverage() {
        return loadAverage;
    }

    public WorkQueue workQueue() {
        return workQueue;
    }

    public int cpuCount() {
        return cpus.length;
    }

    public Cpu cpu(int id) {
        return cpus[id];
    }

    /** Nanoseconds of the machine's clock. */
    public long now() {
        return conductor.timeline().now();
    }

    Conductor conductor() {
        return conductor;
    }

    Fatal fatal() {
        return fatal;
    }

    /** The deterministic conductor, for those who run the machine step by step; null in live mode. */
    public DeterministicConductor deterministicConductor() {
        return conductor instanceof DeterministicConductor deterministic ? deterministic : null;
    }

    public SpinLock newSpinLock(String name) {
        return new TestAndSetLock(name);
    }

    public Mutex newMutex(String name) {
        return new SleepingMutex(this, name, Gone.NEVER);
    }

    /**
     * Makes a mutex that belongs to something that may go.
     *
     * @param owner gets the queue of those who wait, to wake them when it goes
     */
    public Mutex newMutex(String name, Gone gone, Consumer<WaitQueueHead> owner) {
        SleepingMutex mutex = new SleepingMutex(this, name, gone);
        owner.accept(mutex.waiters());
        return mutex;
    }

    public WaitQueueHead newWaitQueue(String name, Gone gone) {
        return new WaitQueueHead(this, name, gone);
    }

    public Completion newCompletion(String name) {
        return new CountedCompletion(this, name, Gone.NEVER);
    }

    /**
     * Makes a completion that belongs to something that may go.
     *
     * @param owner gets the queue of those who wait, to wake them when it goes
     */
    public Completion newCompletion(String name, Gone gone, Consumer<WaitQueueHead> owner) {
        CountedCompletion completion = new CountedCompletion(this, name, gone);
        owner.accept(completion.waiters());
        return completion;
    }

    // ---- tasks

    /** The tasks there are; idle tasks not among them. */
    public Collection<Task> tasks() {
        return tasks.values();
    }

    public Task task(int pid) {
        return tasks.get(pid);
    }

    /** A task that does not run yet; callable from anywhere. Its thread enters {@code body} in kernel mode and ends with it. */
    public Task newTask(String name, Consumer<Task> body) {
        Task task = new Task(this, leastLoaded(), newPid(), name, body);
        tasks.put(task.pid(), task);
        return task;
    }

    /** A process id that nothing has had yet. */
    public int newPid() {
        return lastPid.incrementAndGet();
    }

    /** Enters a task that was made outside; false when its pid is taken. */
    public boolean register(Task task) {
        return tasks.putIfAbsent(task.pid(), task) == null;
    }

    /** The task whose code the calling thread runs, or null for a thread of the host. */
    public Task currentTask() {
        for (Cpu cpu : cpus) {
            Task task = cpu.current();
            if (task.isOnOwnThread()) {
                return task;
            }
        }
        return null;
    }

    /** The processor that the calling thread acts as, or null for a thread of the host. */
    Cpu callersCpu() {
        for (Cpu cpu : cpus) {
            if (cpu.isRunByCaller()) {
                return cpu;
            }
        }
        return null;
    }

    /** The processor that the calling thread acts as, for reports; the first one for a thread of the host. */
    Cpu cpuOfCaller() {
        Cpu cpu = callersCpu();
        return cpu == null ? cpus[0] : cpu;
    }

    /** Lets a new task run; callable from anywhere. */
    public void start(Task task) {
        wake(task, Task.UNINTERRUPTIBLE);
    }

    /** Forgets a finished task; until then its pid is taken. */
    public void forget(Task task) {
        tasks.remove(task.pid(), task);
    }

    /** Makes and starts a kernel thread; callable in any context. It is forgotten when it ends. */
    public Task startKernelThread(String name, Consumer<Task> body) {
        Task task = newTask(name, self -> {
            try {
                body.accept(self);
            } finally {
                forget(self);
            }
        });
        start(task);
        return task;
    }

    /** Makes and starts a kernel thread that can be stopped; callable in any context. */
    public StoppableThread startStoppableThread(String name, KernelThread.Function function) {
        StoppableThread thread = new StoppableThread(this, name);
        thread.start(name, function);
        return thread;
    }

    /** As {@link #startKernelThread}, on one processor only. */
    Task startPinnedKernelThread(String name, Cpu cpu, Consumer<Task> body) {
        Task task = newTask(name, body);
        task.pinTo(cpu);
        start(task);
        return task;
    }

    /** What runs when a softirq vector is raised; for subsystems, while they start. */
    public void openSoftirq(Softirqs.Vector vector, Softirqs.Handler handler) {
        softirqHandlers[vector.ordinal()] = handler;
    }

    Softirqs.Handler softirqHandler(Softirqs.Vector vector) {
        return softirqHandlers[vector.ordinal()];
    }

    /** The life of an idle task, where idle processors have one. */
    void idle(Cpu cpu) {
        deterministicConductor().idle(cpu);
    }

    Cpu leastLoaded() {
        Cpu best = cpus[0];
        int bestLoad = Integer.MAX_VALUE;
        for (Cpu candidate : cpus) {
            int load = candidate.runQueue.length() + (candidate.isIdle() ? 0 : 1);
            if (load < bestLoad) {
                best = candidate;
                bestLoad = load;
            }
        }
        return best;
    }

    // ---- switching

    /**
     * Gives the processor of {@code task}, which is its current one, to the next in line; returns when {@code task} runs again.
     *
     * @param preempted the task did not ask for it and stays ready whatever its state
     */
    void schedule(Task task, boolean preempted) {
        if (!preempted && task.sleepHook() != null && task.state() != Task.RUNNING) {
            task.sleepHook().beforeSleep(task);
        }
        Cpu cpu = task.cpu;
        if (cpu.preemptCount() != 0) {
            rules.schedulingWhileAtomic(task, cpu);
        }
        cpu.runQueue.lock.acquire();
        cpu.processor().clearAttention(Processor.ATTENTION_RESCHEDULE);
        if (preempted || task.state() == Task.RUNNING) {
            cpu.runQueue.add(task);
        } else {
            task.onQueue = false;
        }
        Task next = cpu.runQueue.poll();
        if (next == task) {
            cpu.runQueue.lock.release();
            return;
        }
        cpu.setCurrent(next == null ? cpu.idle() : next);
        if (!cpu.runQueue.isEmpty()) {
            cpu.armTick();
        }
        long now = now();
        loadAverage.update(now);
        task.switchedOut(now);
        cpu.runQueue.lock.release();
        traceSwitch(cpu, task, cpu.current());
        if (next == null) {
            conductor.goIdle(cpu, task);
        } else {
            next.switchedIn(now);
            conductor.switchTo(cpu, task, next);
        }
    }

    /** The task is finished; its thread leaves the processor to the others and ends. */
    void exit(Task task) {
        if (halted) {
            return;
        }
        Cpu cpu = task.cpu;
        if (cpu.preemptCount() != 0 || !cpu.processor().interruptsEnabled() || task.holdsMutexes()) {
            rules.exitedWithLocks(task, cpu);
            task.releaseAllLocks();
        }
        task.setState(Task.DEAD);
        try {
            schedule(task, false);
        } catch (Halt e) {
            // Halted while giving the processor away: the thread ends all the same.
            return;
        }
    }

    /**
     * Makes a sleeping task ready; nothing happens when it is not asleep in one of those states (Linux: try_to_wake_up). Callable from
     * anywhere.
     */
    public boolean wake(Task task, int states) {
        return wake(task, states, null);
    }

    /** As {@link #wake(Task, int)}, by code on that processor, which the trace will tell; null for nobody's. */
    boolean wake(Task task, int states, Cpu waker) {
        for (; ; ) {
            Cpu home = task.cpu;
            home.runQueue.lock.acquire();
            if (task.cpu != home) {
                home.runQueue.lock.release();
                continue;
            }
            if ((task.state() & states) == 0) {
                home.runQueue.lock.release();
                return false;
            }
            task.setState(Task.RUNNING);
            if (task.onQueue) {
                traceWakeUp(waker, task, home);
                home.runQueue.lock.release();
                return true;
            }
            task.onQueue = true;
            Cpu target = chooseCpu(task, home, waker);
            traceWakeUp(waker, task, target);
            if (target != home) {
                task.cpu = target;
                home.runQueue.lock.release();
                target.runQueue.lock.acquire();
            }
            enqueue(target, task);
            return true;
        }
    }

    /** Before the task can run, so that the trace has cause and effect in order. */
    private void traceWakeUp(Cpu waker, Task task, Cpu target) {
        if (waker != null) {
            trace(waker, TraceEvent.WAKEUP, task.pid(), target.id(), task.name());
        }
    }

    /** With the run queue's lock held, which it releases. */
    private void enqueue(Cpu target, Task task) {
        target.runQueue.add(task);
        if (!target.isIdle()) {
            target.armTick();
        }
        target.runQueue.lock.release();
        target.dispatchIfIdle();
    }

    private Cpu chooseCpu(Task task, Cpu home, Cpu waker) {
        if (task.pinnedTo() != null) {
            return home;
        }
        if (waker != null && task.staysWithWaker() && !waker.inInterrupt()) {
            return waker;
        }
        if (cpus.length == 1 || (home.isIdle() && home.runQueue.isEmpty())) {
            return home;
        }
        for (Cpu other : cpus) {
            if (other != home && other.processor().mode() == Processor.IDLE) {
                return other;
            }
        }
        return home;
    }

    /** At a tick: somebody waits here while another processor idles. */
    void pushWaiting(Cpu from) {
        for (Cpu idle : cpus) {
            if (idle != from && idle.processor().mode() == Processor.IDLE) {
                from.runQueue.lock.acquire();
                Task moved = from.runQueue.poll();
                if (moved != null && moved.pinnedTo() != null) {
                    from.runQueue.add(moved);
                    moved = null;
                } else if (moved != null) {
                    moved.cpu = idle;
                }
                from.runQueue.lock.release();
                if (moved != null) {
                    idle.runQueue.lock.acquire();
                    enqueue(idle, moved);
                }
                return;
            }
        }
    }

    /** That long from now; what lies beyond the end of time is never. */
    long deadline(long nanos) {
        long now = now();
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + Math.max(0, nanos);
    }

    /** Sleeps; true when the time was over, false when a signal came first (INTERRUPTIBLE only). */
    boolean sleep(Task task, long nanos, int state) {
        long deadline = deadline(nanos);
        TimerQueue.Entry timer = new TimerQueue.Entry(context -> wake(task, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE));
        task.setWaitingFor("nanosleep");
        try {
            while (now() < deadline) {
                task.prepareToSleep(state);
                if (state == Task.INTERRUPTIBLE && task.signalPending()) {
                    return false;
                }
                task.cpu.timers.arm(timer, deadline);
                traceSleep(task, "nanosleep");
                task.cpu.point(Point.SLEEP);
                schedule(task, false);
            }
            return true;
        } finally {
            task.setState(Task.RUNNING);
            task.setWaitingFor("");
            timer.cancel();
        }
    }

    // ---- trace

    public void trace(Cpu cpu, TraceEvent event, long a, long b, String text) {
        if (trace.isOn()) {
            Task current = cpu.current();
            trace.record(
                    new TraceRecord(now(), cpu.id(), current.pid(), current.name(), contextOf(cpu), event, a, b, text));
        }
    }

    public void trace(Context context, TraceEvent event, long a, long b, String text) {
        if (trace.isOn()) {
            trace(KernelContext.cpuOf(context), event, a, b, text);
        }
    }

    void traceSwitch(Cpu cpu, Task from, Task to) {
        if (trace.isOn()) {
            trace.record(new TraceRecord(
                    now(),
                    cpu.id(),
                    from.pid(),
                    from.name(),
                    contextOf(cpu),
                    TraceEvent.SWITCH,
                    to.pid(),
                    from.state(),
                    to.name()));
        }
    }

    void traceSleep(Task task, String what) {
        trace(task.cpu, TraceEvent.SLEEP, task.pid(), task.state(), what);
    }

    private static String contextOf(Cpu cpu) {
        StringBuilder text = new StringBuilder(4);
        text.append(cpu.processor().interruptsEnabled() ? '.' : 'd');
        text.append((cpu.processor().attention() & Processor.ATTENTION_RESCHEDULE) != 0 ? 'N' : '.');
        char interrupt = cpu.inHardirq() ? (cpu.isServingSoftirq() ? 'H' : 'h') : cpu.isServingSoftirq() ? 's' : '.';
        return text.append(interrupt).append(cpu.preemptCount() & 0xff).toString();
    }

    // ---- the end

    public boolean isHalted() {
        return halted;
    }

    /** Stops every processor at its next point. Callable from anywhere. */
    public void halt() {
        halted = true;
        for (Cpu cpu : cpus) {
            cpu.processor().demandAttention(Cpu.ATTENTION_HALT);
        }
    }

    void checkHalt() {
        if (halted) {
            throw new Halt("the kernel has halted");
        }
    }

    /** Halts and ends all host threads of this kernel, unwinding what still sleeps. */
    @Override
    public void close() {
        halt();
        conductor.close();
        tasks.clear();
    }
}
