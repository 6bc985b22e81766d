// SPDX-License-Identifier: Apache-2.0
package kernel.api.interrupt;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/** A work item that is queued after a while (Linux: struct delayed_work). */
public interface DelayedWork {
    /** Queues it after that time. Any context. False when it was waiting or queued already, and that time stays. */
    boolean schedule(Context context, long delayNanos);

    /** As {@link #schedule}, and when it was waiting, the new time counts (Linux: mod_delayed_work). */
    void reschedule(Context context, long delayNanos);

    /** Runs it now if it was waiting, and waits until it has run. May sleep. */
    void flush(ProcessContext context);

    /** Takes it back and waits for a run in progress. May sleep. Returns whether it was waiting or queued. */
    boolean cancel(ProcessContext context);
}
