// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

import java.util.concurrent.locks.LockSupport;

/**
 * A timeline that follows the host's monotonic clock: one hardware thread fires each event when it is due.
 *
 * <p>The thread also runs <em>errands</em>: what {@link #requestErrand()} asked for, after the current event has
 * returned and holds no lock of a device any more. A kernel uses that to serve a processor that nobody is running.
 */
public final class HostTimeline extends Timeline implements AutoCloseable {
    /** How long the hardware thread looks for work before it parks, in nanoseconds: at least, when work is rare. */
    private static final long LEAST_SPIN_NANOS = 5_000;
    /** At most, when work has kept coming soon after it parked: then waking it would cost more than looking for it. */
    private static final long MOST_SPIN_NANOS = 80_000;
    /** How much too late the host wakes a thread that parks for a time; that much earlier it is woken, and looks at the clock. */
    private static final long TIMER_SLACK_NANOS = 60_000;

    private final long startNanos = System.nanoTime();
    private final Runnable errand;
    private final Thread.UncaughtExceptionHandler failure;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean errandRequested;
    private volatile boolean parked;
    /** How long to look this time (Linux: halt polling); the hardware thread's own. */
    private long spinNanos = LEAST_SPIN_NANOS;

    /**
     * @param errand runs on the hardware thread after {@link #requestErrand()}
     * @param failure told when an event or errand throws; the timeline goes on
     */
    public HostTimeline(String threadName, Runnable errand, Thread.UncaughtExceptionHandler failure) {
        this.errand = errand;
        this.failure = failure;
        thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    /** Stops the hardware thread after the event it is in; events still scheduled never happen. */
    @Override
    public void close() {
        running = false;
        LockSupport.unpark(thread);
    }

    @Override
    public long now() {
        return System.nanoTime() - startNanos;
    }

    /** Asks the hardware thread to run its errand soon; callable from anywhere. */
    public void requestErrand() {
        errandRequested = true;
        wake();
    }

    /** Whether the caller is the hardware thread itself. */
    public boolean isHardwareThread() {
        return thread.equals(Thread.currentThread());
    }

    @Override
    void nextChanged() {
        wake();
    }

    private void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void work() {
        while (running) {
            TimelineEvent due = take(now());
            if (due != null) {
                attempt(due.action);
            }
            if (errandRequested) {
                errandRequested = false;
                attempt(errand);
            } else if (due == null) {
                rest();
            }
        }
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            failure.uncaughtException(thread, e);
        }
    }

    private void rest() {
        long start = now();
        for (long now = start; now - start < spinNanos || isClose(now); now = now()) {
            if (hasWork(now)) {
                return;
            }
            if (now - start < LEAST_SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                // Whoever makes the work may be waiting for this very processor of the host.
                Thread.yield();
            }
        }
        parked = true;
        long parkedAt = now();
        if (!hasWork(parkedAt)) {
            long next = nextDueNanos();
            if (next == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, next - parkedAt - TIMER_SLACK_NANOS);
            }
        }
        parked = false;
        adapt(now() - parkedAt);
    }

    /** Whether parking for the next event would be too late for it. */
    private boolean isClose(long now) {
        return nextDueNanos() - now < TIMER_SLACK_NANOS;
    }

    /** Looks longer when the work came soon after it had stopped looking, and not when it stayed away. */
    private void adapt(long parkedNanos) {
        spinNanos = parkedNanos < MOST_SPIN_NANOS ? Math.min(2 * spinNanos, MOST_SPIN_NANOS) : LEAST_SPIN_NANOS;
    }

    private boolean hasWork(long now) {
        return errandRequested || !running || nextDueNanos() <= now;
    }
}
