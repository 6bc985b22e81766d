// SPDX-License-Identifier: Apache-2.0
package kernel.api.interrupt;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.context.SoftirqContext;

/** A function that runs once at a time to come, in softirq context (Linux: struct timer_list). */
public interface KernelTimer {
    /** The function of a timer. */
    @FunctionalInterface
    interface Function {
        void run(SoftirqContext context);
    }

    /** Sets the timer to {@code delayNanos} from now, moving it if it was set (Linux: mod_timer). Callable in any context. */
    void arm(Context context, long delayNanos);

    /**
     * Takes the timer back; its function may still be running on another processor (Linux: timer_delete).
     *
     * @return whether it was set
     */
    boolean cancel(Context context);

    /** Takes the timer back and waits until its function is not running (Linux: timer_delete_sync). May sleep. */
    boolean cancelAndWait(ProcessContext context);
}
