// SPDX-License-Identifier: Apache-2.0
package kernel.api.thread;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/** A thread that runs a module's function in process context (Linux: kthread_run). Ends when the function returns; stopped with the module at the latest. */
public interface KernelThread {
    /** What it runs. It looks at {@link #shouldStop} whenever it has been woken. */
    @FunctionalInterface
    interface Function {
        void run(ProcessContext context, KernelThread self);
    }

    /** Whether somebody wants it to end (Linux: kthread_should_stop). */
    boolean shouldStop();

    /** Sleeps until the condition holds or the thread should stop; from the thread itself. */
    void sleepUntil(ProcessContext context, BooleanSupplier condition);

    /** Wakes it to look at its condition. Any context. */
    void wake(Context context);

    /** Asks it to end, wakes it, and waits until it has. May sleep; not from the thread itself. */
    void stop(ProcessContext context);
}
