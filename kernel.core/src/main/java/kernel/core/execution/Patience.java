// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A limited time to wait for other threads of the host, however many there are. An interrupt ends it. */
final class Patience {
    private final long endNanos;
    private boolean interrupted;

    Patience(Duration duration) {
        endNanos = System.nanoTime() + duration.toNanos();
    }

    boolean isOver() {
        return leftNanos() <= 0;
    }

    long leftNanos() {
        return interrupted ? 0 : endNanos - System.nanoTime();
    }

    /** Waits for a thread to end; null and the caller's own have no need to. */
    void join(Thread thread) {
        if (thread == null || thread == Thread.currentThread() || isOver()) {
            return;
        }
        try {
            thread.join(Duration.ofNanos(leftNanos()));
        } catch (InterruptedException e) {
            interrupt();
        }
    }

    /** What comes of it; null when it does not come in time. */
    <T> T get(Future<T> future) {
        try {
            return future.get(Math.max(0, leftNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    private void interrupt() {
        interrupted = true;
        Thread.currentThread().interrupt();
    }
}
