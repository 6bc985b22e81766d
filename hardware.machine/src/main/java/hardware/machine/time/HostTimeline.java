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
    /** How long the hardware thread looks for work before it parks, in nanoseconds. */
    private static final long SPIN_NANOS = 5_000;

    private final long startNanos = System.nanoTime();
    private final Runnable errand;
    private final Thread.UncaughtExceptionHandler failure;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean errandRequested;
    private volatile boolean parked;

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
        long spinUntil = now() + SPIN_NANOS;
        while (now() < spinUntil) {
            if (hasWork()) {
                return;
            }
            Thread.onSpinWait();
        }
        parked = true;
        if (!hasWork()) {
            long next = nextDueNanos();
            if (next == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, next - now());
            }
        }
        parked = false;
    }

    private boolean hasWork() {
        return errandRequested || !running || nextDueNanos() <= now();
    }
}
