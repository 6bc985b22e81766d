// SPDX-License-Identifier: Apache-2.0
package kernel.api.interrupt;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.context.SoftirqContext;

/**
 * A bottom half that runs soon, in softirq context, on the processor that scheduled it, and never on two processors at
 * once (Linux: struct tasklet_struct).
 */
public interface Tasklet {
    /** The function of a tasklet. */
    @FunctionalInterface
    interface Function {
        void run(SoftirqContext context);
    }

    /** Asks for one run; asked twice before it ran, it runs once. Callable in any context. */
    void schedule(Context context);

    /** Waits until it is neither scheduled nor running (Linux: tasklet_kill). May sleep. */
    void kill(ProcessContext context);
}
