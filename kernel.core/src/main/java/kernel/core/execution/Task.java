// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ERESTARTSYS;

import hardware.machine.cpu.Processor;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.core.trace.TraceEvent;

/**
 * Something that the scheduler runs: a process or a kernel thread. Sequential code on a virtual thread that moves only
 * while it owns a processor; it is its own process context. Processes are a subclass of their own.
 */
public class Task extends KernelContext implements ProcessContext {
    /** On a processor or in a run queue. */
    public static final int RUNNING = 0;
    /** Asleep until woken or signalled. */
    public static final int INTERRUPTIBLE = 1;
    /** Asleep until woken. */
    public static final int UNINTERRUPTIBLE = 2;
    /** Finished; never runs again. */
    public static final int DEAD = 4;

    private final Execution execution;
    private final int pid;
    private final Consumer<? super Task> body;
    private volatile Thread thread;
    /** In live mode, the number of the carrier that its thread was last given to. */
    int carrier;

    @SuppressWarnings("this-escape") // kept, not used
    final Waiter waiter = new Waiter(this);

    private volatile String name;
    private volatile int state = UNINTERRUPTIBLE;
    private volatile boolean resumed;
    private volatile boolean signalPending;
    private List<SleepingMutex> heldMutexes = List.of();
    private Cpu pinnedTo;
    private volatile boolean staysWithWaker;
    /** Owns a place on its processor: running there or queued. Guarded by the run queue's lock. */
    boolean onQueue;
    /** Guarded by the run queue's lock. */
    Task nextInQueue;

    private SleepHook sleepHook;
    private volatile int ioPriority;
    private UserSpace userSpace;
    private volatile String waitingFor = "";
    private long runtimeNanos;
    private long startedNanos;
    private volatile long lastSwitchNanos;

    /** For a process: a task that is not known to the scheduler before {@link Execution#register}. */
    protected Task(Execution execution, int pid, String name, Consumer<? super Task> body) {
        this(execution, execution.leastLoaded(), pid, name, body);
    }

    Task(Execution execution, Cpu cpu, int pid, String name, Consumer<? super Task> body) {
        super(cpu);
        this.execution = execution;
        this.pid = pid;
        this.name = name;
        this.body = body;
    }

    public final int pid() {
        return pid;
    }

    public final String name() {
        return name;
    }

    /** What exec and prctl change; shown by ps. */
    public final void rename(String newName) {
        name = newName;
    }

    public final Execution execution() {
        return execution;
    }

    /** One of the states above. */
    public final int state() {
        return state;
    }

    void setState(int newState) {
        state = newState;
    }

    /**
     * Says that it is about to sleep; whatever it reads from now on, by plain reads too, is what a waker wrote who did not yet see this
     * (Linux: set_current_state with its barrier).
     */
    void prepareToSleep(int newState) {
        state = newState;
        VarHandle.fullFence();
    }

    /** Its I/O priority as ioprio_set takes it; 0 for one that has not said any. */
    public final int ioPriority() {
        return ioPriority;
    }

    public final void setIoPriority(int priority) {
        ioPriority = priority;
    }

    /** What is done before it sleeps, or null. */
    public final SleepHook sleepHook() {
        return sleepHook;
    }

    /** For the task itself. */
    public final void setSleepHook(SleepHook hook) {
        sleepHook = hook;
    }

    /** What it sleeps on, for ps and reports; empty when it does not. */
    public final String waitingFor() {
        return waitingFor;
    }

    void setWaitingFor(String what) {
        waitingFor = what;
    }

    /** The memory of its process; null for a kernel thread. */
    public final UserSpace userSpace() {
        return userSpace;
    }

    public final void setUserSpace(UserSpace newUserSpace) {
        userSpace = newUserSpace;
    }

    /** Processor time used until it last left a processor, in nanoseconds. */
    public final long runtimeNanos() {
        return runtimeNanos;
    }

    /** Processor time used so far; only for the task itself. */
    public final long runtimeNanosNow() {
        return runtimeNanos + execution.now() - startedNanos;
    }

    void switchedIn(long now) {
        lastSwitchNanos = now;
        startedNanos = now;
    }

    /** When it last got a processor. */
    long switchedInNanos() {
        return startedNanos;
    }

    /** When it last got a processor or gave one up. */
    long lastSwitchNanos() {
        return lastSwitchNanos;
    }

    void switchedOut(long now) {
        lastSwitchNanos = now;
        runtimeNanos += now - startedNanos;
    }

    /** The only processor it may run on, or null. */
    Cpu pinnedTo() {
        return pinnedTo;
    }

    void pinTo(Cpu only) {
        pinnedTo = only;
        cpu = only;
    }

    /** Whether it runs where it is woken from. */
    boolean staysWithWaker() {
        return staysWithWaker;
    }

    /**
     * Whether who wakes it is about to go to sleep or to end, so that it does best to go on in that one's place instead of waking an idle processor
     * (Linux: WF_SYNC). Set by the task itself. A wake-up by a handler or
     * a timer is not meant: those go on.
     */
    public void setStaysWithWaker(boolean stays) {
        staysWithWaker = stays;
    }

    /** The mutexes it holds, for reports and for the case that it dies with them. */
    List<SleepingMutex> heldMutexes() {
        if (heldMutexes.isEmpty()) {
            heldMutexes = new ArrayList<>(2);
        }
        return heldMutexes;
    }

    boolean holdsMutexes() {
        return !heldMutexes.isEmpty();
    }

    /** The task dies in the middle of kernel code: gives back what it holds, and puts its processor in order. */
    public final void releaseAllLocks() {
        cpu.recover();
        for (SleepingMutex mutex : List.copyOf(heldMutexes)) {
            heldMutexes.remove(mutex);
            mutex.releaseOf(this);
        }
    }

    /** At the end of a system call: what it still holds is reported and released by force (Linux: lockdep_sys_exit). */
    public final void checkNothingHeld() {
        Cpu here = cpu;
        if (here.preemptCount() != 0 || !here.processor().interruptsEnabled() || holdsMutexes()) {
            execution.rules().leavingWithLocks(this, here);
            releaseAllLocks();
        }
    }

    /** Whether the caller is this task's own code. */
    public final boolean isOnOwnThread() {
        return Thread.currentThread() == thread;
    }

    // ---- the host side: one thread, which runs only while this task owns a processor

    private void run() {
        resumed = false;
        try {
            runBody();
        } catch (Halt e) {
            // The thread ends here in any case.
            return;
        } finally {
            execution.conductor().ended(this);
        }
    }

    /** Whatever the body throws, even what it cannot declare, the processor is given to the others afterwards. */
    private void runBody() {
        try {
            execution.checkHalt();
            body.accept(this);
        } catch (Throwable e) {
            if (!execution.isHalted()) {
                execution.fatal().taskDied(this, e);
            }
        } finally {
            execution.exit(this);
        }
    }

    /** Lets the host thread run; whoever calls it has made this task the current one of its processor. */
    void resume() {
        resumed = true;
        Thread mine = thread;
        if (mine != null) {
            LockSupport.unpark(mine);
        } else {
            mine = execution.conductor().newThread(this, this::run);
            thread = mine;
            mine.start();
        }
    }

    /** Waits on the host for {@link #resume}; an interrupt of the host's kind means nothing here, and would make it spin. */
    void awaitResume() {
        while (!resumed) {
            LockSupport.park(this);
            if (!resumed) {
                Thread.interrupted();
            }
        }
        resumed = false;
        execution.checkHalt();
    }

    /** After a halt: lets the thread find out, so that it ends. */
    void unwind() {
        Thread mine = thread;
        if (mine != null) {
            resumed = true;
            LockSupport.unpark(mine);
        }
    }

    /** Its host thread; null before it first ran. */
    Thread thread() {
        return thread;
    }

    /**
     * The task is finished although its code would go on: gives the processor away for good. Never returns; the thread sleeps in
     * the host from now on.
     */
    public final void vanish() {
        execution.exit(this);
        execution.conductor().ended(this);
        while (true) {
            LockSupport.park(this);
            Thread.interrupted();
        }
    }

    // ---- user mode

    /** From user mode into the kernel: the trap. */
    public final void enterKernel() {
        Cpu here = cpu;
        while (!here.processor().claim(Processor.USER, Processor.KERNEL)) {
            execution.checkHalt();
            execution.conductor().awaitInterruptEnd(here);
        }
        here.point(Point.TRAP_ENTRY);
    }

    /** Back to user mode; interrupts and a switch that are due come first. */
    public final void leaveKernel() {
        cpu.point(Point.TRAP_EXIT);
        for (; ; ) {
            Cpu here = cpu;
            here.processor().release(Processor.USER);
            int wanted = Processor.ATTENTION_INTERRUPT | Processor.ATTENTION_RESCHEDULE | Cpu.ATTENTION_HALT;
            if ((here.processor().attentionOrdered() & wanted) == 0
                    || execution.conductor().decides()
                    || !here.processor().claim(Processor.USER, Processor.KERNEL)) {
                return;
            }
            here.point(Point.TRAP_EXIT);
        }
    }

    // ---- process context

    @Override
    public final long copyToUser(UserBuffer to, long toOffset, byte[] from, int fromOffset, int length) {
        mightSleep("copy_to_user");
        long left = userSpace == null
                ? length
                : userSpace.copyToUser(this, to.address() + toOffset, to.length() - toOffset, from, fromOffset, length);
        if (execution.trace().isOn()) {
            execution.trace(cpu, TraceEvent.COPY_TO_USER, to.address() + toOffset, length - left, "");
        }
        cpu.point(Point.COPY);
        return left;
    }

    @Override
    public final long copyFromUser(byte[] to, int toOffset, UserBuffer from, long fromOffset, int length) {
        mightSleep("copy_from_user");
        long left = userSpace == null
                ? length
                : userSpace.copyFromUser(
                        this, to, toOffset, from.address() + fromOffset, from.length() - fromOffset, length);
        if (execution.trace().isOn()) {
            execution.trace(cpu, TraceEvent.COPY_FROM_USER, from.address() + fromOffset, length - left, "");
        }
        cpu.point(Point.COPY);
        return left;
    }

    /** Copies from a frame of physical memory to user memory. May sleep. Returns bytes not copied. */
    public final long copyFrameToUser(UserBuffer to, long toOffset, long physicalAddress, int length) {
        mightSleep("copy_page_to_iter");
        long left = userSpace == null
                ? length
                : userSpace.copyFrameToUser(
                        this, to.address() + toOffset, to.length() - toOffset, physicalAddress, length);
        if (execution.trace().isOn()) {
            execution.trace(cpu, TraceEvent.COPY_TO_USER, to.address() + toOffset, length - left, "");
        }
        cpu.point(Point.COPY);
        return left;
    }

    /** Copies to a frame of physical memory what is there of user memory, without a page fault. Returns bytes not copied. */
    public final long copyFrameFromUser(long physicalAddress, UserBuffer from, long fromOffset, int length) {
        long left = userSpace == null
                ? length
                : userSpace.copyFrameFromUser(
                        this, physicalAddress, from.address() + fromOffset, from.length() - fromOffset, length);
        if (execution.trace().isOn()) {
            execution.trace(cpu, TraceEvent.COPY_FROM_USER, from.address() + fromOffset, length - left, "");
        }
        cpu.point(Point.COPY);
        return left;
    }

    /** Touches user memory in to be read. May sleep. Returns how many bytes from the offset on can be. */
    public final long faultIn(UserBuffer buffer, long offset, long length) {
        mightSleep("fault_in_readable");
        return userSpace == null
                ? 0
                : userSpace.faultIn(this, buffer.address() + offset, buffer.length() - offset, length);
    }

    @Override
    public final long clearUser(UserBuffer to, long toOffset, long length) {
        mightSleep("clear_user");
        long left = userSpace == null
                ? length
                : userSpace.clearUser(this, to.address() + toOffset, to.length() - toOffset, length);
        cpu.point(Point.COPY);
        return left;
    }

    @Override
    public final boolean signalPending() {
        return signalPending;
    }

    /** Says whether a signal waits for this task, and wakes it if it sleeps interruptibly. Callable from anywhere. */
    public final void setSignalPending(boolean pending) {
        signalPending = pending;
        if (pending) {
            execution.wake(this, INTERRUPTIBLE);
        }
    }

    @Override
    public final void sleep(long nanos) {
        mightSleep("msleep");
        execution.sleep(this, nanos, UNINTERRUPTIBLE);
    }

    @Override
    public final int sleepInterruptible(long nanos) {
        mightSleep("msleep_interruptible");
        return execution.sleep(this, nanos, INTERRUPTIBLE) ? 0 : -ERESTARTSYS;
    }

    @Override
    public final void yieldProcessor() {
        mightSleep("cond_resched");
        cpu.point(Point.YIELD);
        execution.schedule(this, false);
    }

    /** Refuses to go on where this task may not sleep; each sleeping function asks first (Linux: might_sleep). */
    public final void mightSleep(String function) {
        Cpu here = cpu;
        if (here.preemptCount() != 0 || !here.processor().interruptsEnabled() || !isOnOwnThread()) {
            Cpu caller = execution.callersCpu();
            execution.rules().sleepingInAtomic(this, caller == null ? here : caller, function);
        }
        if (state != RUNNING) {
            execution.rules().sleepingWhileNotRunning(this, function);
        }
    }

    @Override
    public final String toString() {
        return name + "/" + pid;
    }
}
