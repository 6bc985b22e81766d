// SPDX-License-Identifier: Apache-2.0
package kernel.api.wait;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/**
 * Where processes sleep until something is true (Linux: wait_queue_head_t). A wake-up between the check of the
 * condition and the sleep is not lost.
 *
 * <p>The queue of a device wakes all its sleepers with -ENODEV when the device goes, and lets nobody sleep any more.
 */
public interface WaitQueue {
    /**
     * Sleeps until the condition holds. The condition must not sleep; it is evaluated again after each wake-up.
     *
     * @return 0, -ERESTARTSYS when a signal came first, or -ENODEV when the device has gone
     */
    int waitEventInterruptible(ProcessContext context, BooleanSupplier condition);

    /**
     * Sleeps until the condition holds, whatever signals come.
     *
     * @return 0, or -ENODEV when the device has gone
     */
    int waitEvent(ProcessContext context, BooleanSupplier condition);

    /**
     * Sleeps until the condition holds, but not longer than that.
     *
     * @return nanoseconds left, at least 1, when the condition held; 0 when the time was over first; -ERESTARTSYS; -ENODEV
     */
    long waitEventInterruptibleTimeout(ProcessContext context, BooleanSupplier condition, long timeoutNanos);

    /** Wakes those who wait, of the exclusive ones the first. Callable in any context. */
    void wakeUp(Context context);

    /** As {@link #wakeUp}, leaving those alone who sleep uninterruptibly. */
    void wakeUpInterruptible(Context context);

    /** Wakes everybody. Callable in any context. */
    void wakeUpAll(Context context);
}
