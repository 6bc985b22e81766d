// SPDX-License-Identifier: Apache-2.0
package kernel.api.wait;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/**
 * Something that somebody waits for to be done (Linux: struct completion). Counts: each completion lets one waiter go.
 *
 * <p>A device's wakes its waiters with -ENODEV when the device is pulled, and while programs are turned out of a driver that goes; the driver's own
 * farewell may wait again for a device that is there.
 */
public interface Completion {
    /** Forgets completions that nobody has waited for (Linux: reinit_completion). */
    void reset();

    /** It is done; lets one waiter go. Callable in any context. */
    void complete(Context context);

    /** It is done for good; lets all go, now and later. Callable in any context. */
    void completeAll(Context context);

    /** Waits, whatever signals come. Returns 0, or -ENODEV when the device has gone. */
    int await(ProcessContext context);

    /** Waits. Returns 0, -ERESTARTSYS when a signal came first, or -ENODEV. */
    int awaitInterruptible(ProcessContext context);

    /** Waits no longer than that, whatever signals come. Returns nanoseconds left, at least 1; 0 when the time was over; or -ENODEV. */
    long awaitTimeout(ProcessContext context, long timeoutNanos);

    /** Takes one completion if there is one (Linux: try_wait_for_completion). Callable in any context. */
    boolean tryTake();

    boolean isDone();
}
