// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptController;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.time.TimelineEvent;
import java.util.Arrays;
import java.util.List;

/**
 * What the kernel keeps for each processor: current, the preempt count with Linux's layout, pending softirqs, the run
 * queue (Linux: per-CPU variables). All but the run queue belongs to whoever owns the processor.
 */
public final class Cpu {
    /** One level of preemption disabled; bits 0-7 of the count. */
    static final int PREEMPT_OFFSET = 1;
    /** A softirq is being served; bit 8. Disabling softirqs counts from bit 9. */
    static final int SOFTIRQ_OFFSET = 1 << 8;

    static final int SOFTIRQ_DISABLE_OFFSET = 2 * SOFTIRQ_OFFSET;
    static final int SOFTIRQ_MASK = 0xff << 8;
    /** A handler runs; bits 16-19. */
    static final int HARDIRQ_OFFSET = 1 << 16;

    static final int HARDIRQ_MASK = 0xf << 16;
    /** Attention bit: the kernel has halted. */
    static final int ATTENTION_HALT = 1 << 4;
    /** Attention bit: the host has other threads to run on this one's carrier. */
    static final int ATTENTION_HOST = 1 << 5;

    /** Interrupts taken in one go; what still interrupts then lets softirqs, and whoever waits for an idle processor, go first. */
    private static final int INTERRUPTS_AT_ONCE = 32;
    /** How often in one go a processor that nobody runs is served, for the same reason. */
    private static final int ROUNDS_AT_ONCE = 16;

    private final Execution execution;
    private final Processor processor;
    private final HardirqContext hardirqContext = new HardirqContext(this);
    private final BottomHalfContext bottomHalfContext = new BottomHalfContext(this);
    private final TimelineEvent tick;
    private InterruptLine timerLine;
    private volatile boolean tickArmed;
    private volatile boolean tickDue;
    final RunQueue runQueue = new RunQueue();
    final Softirqs softirqs = new Softirqs(this);
    final TimerQueue timers;
    private final Task idle;
    private volatile Task current;
    private int preemptCount;
    private TestAndSetLock[] held = new TestAndSetLock[4];
    private int heldCount;
    /** What this processor spins on, while it does and no interrupt has come on top; read by the schedule. */
    Spinnable spinningOn;

    /** The thread that handles interrupts here although it is not that of current; only ever compared with the caller. */
    private Thread standIn;
    /** Chosen by the schedule to take its pending interrupt when it moves next. */
    boolean interruptChosen;

    Cpu(Execution execution, Processor processor) {
        this.execution = execution;
        this.processor = processor;
        tick = execution.conductor().timeline().event("tick", this::tickElapsed);
        timers = new TimerQueue(this);
        idle = new Task(execution, this, 0, "swapper/" + processor.id(), self -> execution.idle(this));
        current = idle;
    }

    public int id() {
        return processor.id();
    }

    public Processor processor() {
        return processor;
    }

    Execution execution() {
        return execution;
    }

    /** Its softirqs, for their counts. */
    public Softirqs softirqs() {
        return softirqs;
    }

    public Task current() {
        return current;
    }

    void setCurrent(Task task) {
        current = task;
    }

    Task idle() {
        return idle;
    }

    boolean isIdle() {
        return current == idle;
    }

    /** Whether the calling thread executes what this processor executes. */
    boolean isRunByCaller() {
        Thread acting = standIn;
        return acting == null ? current.isOnOwnThread() : acting == Thread.currentThread();
    }

    /** Linux's preempt_count. */
    public int preemptCount() {
        return preemptCount;
    }

    HardirqContext hardirqContext() {
        return hardirqContext;
    }

    BottomHalfContext bottomHalfContext() {
        return bottomHalfContext;
    }

    void connectTimerLine(InterruptLine line) {
        timerLine = line;
    }

    InterruptLine timerLine() {
        return timerLine;
    }

    // ---- points

    /** A chance for the machine to act; one plain read when there is nothing to do. Called by the owner. */
    public void point(Point point) {
        int attention = processor.attention();
        if (attention != 0) {
            attend(attention, point);
        }
    }

    private void attend(int first, Point point) {
        int attention = first;
        boolean takeInterrupt = true;
        if ((attention & ATTENTION_HALT) != 0) {
            execution.checkHalt();
        }
        if ((attention & ATTENTION_HOST) != 0) {
            processor.clearAttention(ATTENTION_HOST);
            execution.conductor().letHostThreadsRun();
            attention = processor.attention();
        }
        if ((attention & Processor.ATTENTION_SCHEDULE) != 0) {
            takeInterrupt = execution.conductor().decide(this, point);
            attention = processor.attention();
        }
        if (takeInterrupt && (attention & Processor.ATTENTION_INTERRUPT) != 0 && processor.interruptsEnabled()) {
            serviceInterrupts();
            attention = processor.attention();
        }
        if ((attention & Processor.ATTENTION_RESCHEDULE) != 0
                && preemptCount == 0
                && processor.interruptsEnabled()
                && !isIdle()) {
            execution.schedule(current, true);
        }
    }

    // ---- the preempt count

    void preemptDisable() {
        preemptCount += PREEMPT_OFFSET;
    }

    /** Lets the code on this processor not be preempted and not sleep, until {@link #enablePreemption}; nests. Called by the owner. */
    public void disablePreemption() {
        preemptDisable();
    }

    /** Ends what {@link #disablePreemption} began, on the same processor. */
    public void enablePreemption() {
        preemptEnableWithoutPoint();
        point(Point.PREEMPTION_ENABLED);
    }

    void preemptEnableWithoutPoint() {
        preemptCount -= PREEMPT_OFFSET;
    }

    void softirqDisable() {
        preemptCount += SOFTIRQ_DISABLE_OFFSET;
    }

    /** Lets softirqs in again, and runs those that waited (Linux: local_bh_enable). */
    void softirqEnable() {
        preemptCount -= SOFTIRQ_DISABLE_OFFSET;
        if (inInterrupt()) {
            return;
        }
        if (processor.interruptsEnabled()) {
            softirqs.runPending();
        } else {
            softirqs.leaveToDaemon();
        }
    }

    /** The code that ran here died: the locks that it held are released, and the counts start over. */
    void recover() {
        while (heldCount > 0) {
            held[--heldCount].releaseOf(this);
        }
        preemptCount = 0;
        processor.setInterruptsEnabled(true);
        spinningOn = null;
        softirqs.leaveToDaemon();
    }

    void holds(TestAndSetLock lock) {
        if (heldCount == held.length) {
            held = Arrays.copyOf(held, heldCount * 2);
        }
        held[heldCount++] = lock;
    }

    void holdsNoMore(TestAndSetLock lock) {
        int at = heldCount - 1;
        while (at >= 0 && held[at] != lock) {
            at--;
        }
        heldCount--;
        for (int i = Math.max(at, 0); i < heldCount; i++) {
            held[i] = held[i + 1];
        }
        held[heldCount] = null;
    }

    /** The spin locks held by the code on this processor, outermost first. */
    List<String> heldLocks() {
        return Arrays.stream(held, 0, heldCount).map(TestAndSetLock::toString).toList();
    }

    /** Whether a handler runs here. */
    public boolean inHardirq() {
        return (preemptCount & HARDIRQ_MASK) != 0;
    }

    boolean inInterrupt() {
        return (preemptCount & (HARDIRQ_MASK | SOFTIRQ_MASK)) != 0;
    }

    boolean isServingSoftirq() {
        return (preemptCount & SOFTIRQ_OFFSET) != 0;
    }

    void enterSoftirq() {
        preemptCount += SOFTIRQ_OFFSET;
    }

    void leaveSoftirq() {
        preemptCount -= SOFTIRQ_OFFSET;
    }

    // ---- interrupts

    /**
     * Takes all pending interrupts, then the softirqs they raised. Called by the owner with interrupts enabled; it runs on top
     * of whatever was there.
     */
    void serviceInterrupts() {
        processor.clearAttention(Processor.ATTENTION_INTERRUPT);
        if (!execution.machine().interrupts().hasPending(processor)) {
            return;
        }
        // A handler on top of code that spins does not spin itself, whoever holds that lock.
        Spinnable interrupted = spinningOn;
        spinningOn = null;
        try {
            handlePending(execution.machine().interrupts());
            if (!inInterrupt()) {
                softirqs.runPending();
            }
        } finally {
            spinningOn = interrupted;
        }
    }

    private void handlePending(InterruptController controller) {
        processor.setInterruptsEnabled(false);
        preemptCount += HARDIRQ_OFFSET;
        try {
            int taken = 0;
            for (InterruptLine line = controller.claim(processor); line != null; ) {
                execution.interrupts().handle(this, line);
                controller.complete(line);
                line = ++taken < INTERRUPTS_AT_ONCE ? controller.claim(processor) : null;
            }
            if (taken == INTERRUPTS_AT_ONCE && controller.hasPending(processor)) {
                processor.demandAttention(Processor.ATTENTION_INTERRUPT);
            }
        } finally {
            preemptCount -= HARDIRQ_OFFSET;
            processor.setInterruptsEnabled(true);
        }
    }

    /**
     * Serves a processor that nobody is running, being idle or in user mode: its interrupts, and if it was idle whoever became
     * ready. Called by a hardware thread, by the thread that has just left the processor idle, or by its idle task; never
     * with a kernel lock held.
     */
    void serviceUnowned() {
        for (int round = 0; round < ROUNDS_AT_ONCE; round++) {
            int mode = processor.mode();
            boolean interrupt = (processor.attentionOrdered() & Processor.ATTENTION_INTERRUPT) != 0;
            boolean work = mode == Processor.IDLE && !runQueue.isEmpty();
            if ((mode != Processor.IDLE && mode != Processor.USER) || (!interrupt && !work)) {
                return;
            }
            if (processor.claim(mode, Processor.INTERRUPT)) {
                serveClaimed(mode, interrupt);
                if (processor.mode() == Processor.KERNEL) {
                    return;
                }
            }
        }
        execution.conductor().interruptPending(processor);
    }

    private void serveClaimed(int mode, boolean interrupt) {
        boolean served = false;
        try {
            if (interrupt) {
                standIn = Thread.currentThread();
                serviceInterrupts();
            }
            served = true;
        } finally {
            standIn = null;
            if (!served) {
                processor.release(mode);
            }
        }
        if (mode == Processor.USER || !dispatchNext()) {
            processor.release(mode);
        }
    }

    /** Gives an idle processor its next task if it has one. Callable by anybody, whatever locks are held. */
    void dispatchIfIdle() {
        while (processor.mode() == Processor.IDLE && !runQueue.isEmpty()) {
            if (processor.claim(Processor.IDLE, Processor.INTERRUPT)) {
                if (dispatchNext()) {
                    return;
                }
                processor.release(Processor.IDLE);
            }
        }
        if ((processor.attentionOrdered() & Processor.ATTENTION_INTERRUPT) != 0) {
            execution.conductor().interruptPending(processor);
        }
    }

    private boolean dispatchNext() {
        runQueue.lock.acquire();
        Task next = runQueue.poll();
        if (next != null) {
            current = next;
            if (!runQueue.isEmpty()) {
                // They came while nobody was current here, and so without a tick.
                armTick();
            }
        }
        runQueue.lock.release();
        if (next == null) {
            return false;
        }
        next.switchedIn(execution.now());
        execution.traceSwitch(this, idle, next);
        processor.release(Processor.KERNEL);
        execution.conductor().dispatched(next);
        return true;
    }

    // ---- the tick

    /** Sees to it that the one who runs does not keep the others waiting for ever. Under the run queue's lock. */
    void armTick() {
        armTick(Execution.SLICE_NANOS);
    }

    private void armTick(long nanos) {
        if (!tickArmed) {
            tickArmed = true;
            tick.scheduleIn(nanos);
        }
    }

    /**
     * On the timeline: the time slice is over. When nobody has taken the last tick yet, kernel code here has reached no point for a whole slice and
     * may never reach one again, as Java code that is stuck in the host; then those who wait here are not to wait for it.
     */
    private void tickElapsed() {
        boolean missed = tickDue;
        tickDue = true;
        if (!execution.conductor().decides()) {
            if (missed) {
                execution.pushWaiting(this);
            }
            tick.scheduleIn(Execution.SLICE_NANOS);
        }
        timerLine.raise();
    }

    /** In the local timer's handler. */
    void localTimerInterrupt() {
        if (tickDue) {
            tickDue = false;
            // The one who runs may have come after the tick was set, and has the rest of its slice.
            long left = current.switchedInNanos() + Execution.SLICE_NANOS - execution.now();
            runQueue.lock.acquire();
            tickArmed = false;
            boolean waiting = !runQueue.isEmpty();
            if (waiting) {
                armTick(left > 0 ? left : Execution.SLICE_NANOS);
            } else {
                tick.cancel();
            }
            runQueue.lock.release();
            if (waiting) {
                if (left <= 0) {
                    processor.demandAttention(Processor.ATTENTION_RESCHEDULE);
                }
                execution.pushWaiting(this);
            }
        }
        timers.interrupt();
    }

    @Override
    public String toString() {
        return "CPU" + id();
    }
}
