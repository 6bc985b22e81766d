// SPDX-License-Identifier: Apache-2.0
package kernel.api.interrupt;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/** A work item: a function that a kernel thread will run in process context, where it may sleep (Linux: work_struct). */
public interface Work {
    /** The function of a work item. */
    @FunctionalInterface
    interface Function {
        void run(ProcessContext context);
    }

    /**
     * Queues the item. Callable in any context.
     *
     * @return false when it was queued already
     */
    boolean queue(Context context);

    /** Waits until the item has run if it was queued (Linux: flush_work). May sleep; not from the item itself. */
    void flush(ProcessContext context);

    /**
     * Takes the item off the queue and waits for a run in progress (Linux: cancel_work_sync). May sleep; not from the item itself.
     *
     * @return whether it was queued
     */
    boolean cancel(ProcessContext context);
}
