// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import kernel.api.context.SoftirqContext;
import kernel.core.trace.TraceEvent;

/**
 * The softirqs of one processor (Linux: kernel/softirq.c): raised by handlers, run on the way out of the interrupt with
 * interrupts enabled, at most {@value #MAX_RESTARTS} rounds or 2 ms, the rest by ksoftirqd. Used by the owner only.
 */
public final class Softirqs {
    /** Linux's vectors, highest priority first. */
    public enum Vector {
        HI,
        TIMER,
        NET_TX,
        NET_RX,
        BLOCK,
        IRQ_POLL,
        TASKLET,
        SCHED,
        HRTIMER,
        RCU;

        private static final Vector[] ALL = values();

        static Vector of(int index) {
            return ALL[index];
        }

        public static int count() {
            return ALL.length;
        }
    }

    /** What runs when a vector was raised. */
    @FunctionalInterface
    public interface Handler {
        void run(SoftirqContext context);
    }

    private static final int MAX_RESTARTS = 10;
    private static final long MAX_NANOS = 2_000_000;

    private final Cpu cpu;
    private final long[] counts = new long[Vector.count()];
    private final TaskletList tasklets = new TaskletList();
    private int pending;
    private WaitQueueHead daemonQueue;

    Softirqs(Cpu cpu) {
        this.cpu = cpu;
    }

    /** How often a vector has run here, for /proc/softirqs. */
    public long count(Vector vector) {
        return counts[vector.ordinal()];
    }

    TaskletList tasklets() {
        return tasklets;
    }

    boolean isPending() {
        return pending != 0;
    }

    /** Raises a vector on this processor; outside of interrupts ksoftirqd will run it (Linux: raise_softirq). */
    public void raise(Vector vector) {
        pending |= 1 << vector.ordinal();
        cpu.execution().trace(cpu, TraceEvent.SOFTIRQ_RAISE, vector.ordinal(), 0, vector.name());
        if (!cpu.inInterrupt()) {
            wakeDaemon();
        }
    }

    /** Runs what is pending, with interrupts enabled; a nested call finds that the outer one does it. */
    void runPending() {
        if (pending == 0 || cpu.isServingSoftirq()) {
            return;
        }
        cpu.enterSoftirq();
        try {
            long deadline = cpu.execution().now() + MAX_NANOS;
            for (int round = 0; round < MAX_RESTARTS && pending != 0; round++) {
                if (round > 0 && cpu.execution().now() >= deadline) {
                    break;
                }
                runRound();
            }
        } finally {
            cpu.leaveSoftirq();
        }
        leaveToDaemon();
    }

    private void runRound() {
        int todo = pending;
        pending = 0;
        for (int rest = todo; rest != 0; rest &= rest - 1) {
            Vector vector = Vector.of(Integer.numberOfTrailingZeros(rest));
            counts[vector.ordinal()]++;
            cpu.execution().trace(cpu, TraceEvent.SOFTIRQ_ENTRY, vector.ordinal(), 0, vector.name());
            cpu.point(Point.SOFTIRQ);
            run(vector);
            cpu.execution().trace(cpu, TraceEvent.SOFTIRQ_EXIT, vector.ordinal(), 0, vector.name());
        }
    }

    private void run(Vector vector) {
        try {
            switch (vector) {
                case TIMER -> cpu.timers.runExpired(cpu.bottomHalfContext());
                case HI -> tasklets.run(cpu, true);
                case TASKLET -> tasklets.run(cpu, false);
                default -> cpu.execution().softirqHandler(vector).run(cpu.bottomHalfContext());
            }
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            cpu.execution().fatal().interruptDied(cpu, "softirq " + vector, e);
        }
    }

    /** Outside of interrupts: what is pending has nobody else to run it. */
    void leaveToDaemon() {
        if (pending != 0) {
            wakeDaemon();
        }
    }

    private void wakeDaemon() {
        if (daemonQueue == null) {
            daemonQueue = cpu.execution().newWaitQueue("ksoftirqd", Gone.NEVER);
            cpu.execution().startPinnedKernelThread("ksoftirqd/" + cpu.id(), cpu, this::daemon);
        } else {
            daemonQueue.wakeAll(cpu, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
    }

    private void daemon(Task self) {
        for (; ; ) {
            daemonQueue.waitEvent(self, () -> pending != 0);
            runPending();
            self.yieldProcessor();
        }
    }
}
