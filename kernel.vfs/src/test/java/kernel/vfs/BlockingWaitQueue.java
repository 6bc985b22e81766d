// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.wait.WaitQueue;

/** A wait queue for processes that are host threads. A sleep of very long means a lost wake-up, and fails. */
final class BlockingWaitQueue implements WaitQueue {
    private static final long LOST_AFTER_MILLIS = 20_000;

    private long wakeUps;

    @Override
    public int waitEventInterruptible(ProcessContext context, BooleanSupplier condition) {
        while (true) {
            long seen;
            synchronized (this) {
                seen = wakeUps;
            }
            if (condition.getAsBoolean()) {
                return 0;
            }
            await(seen);
        }
    }

    private synchronized void await(long seen) {
        long start = System.nanoTime();
        while (wakeUps == seen) {
            if (System.nanoTime() - start > LOST_AFTER_MILLIS * 1_000_000) {
                throw new AssertionError("a wake-up was lost");
            }
            try {
                wait(LOST_AFTER_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public int waitEvent(ProcessContext context, BooleanSupplier condition) {
        return waitEventInterruptible(context, condition);
    }

    @Override
    public long waitEventInterruptibleTimeout(ProcessContext context, BooleanSupplier condition, long timeoutNanos) {
        throw new UnsupportedOperationException("no timeouts in a file system");
    }

    @Override
    public synchronized void wakeUp(Context context) {
        wakeUps++;
        notifyAll();
    }

    @Override
    public void wakeUpInterruptible(Context context) {
        wakeUp(context);
    }

    @Override
    public void wakeUpAll(Context context) {
        wakeUp(context);
    }
}
