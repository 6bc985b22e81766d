// SPDX-License-Identifier: Apache-2.0
package kernel.core.trace;

import kernel.api.context.ProcessContext;

/** Gets each event as it happens, on the thread on which it happens; must be quick, must not sleep and must not trace. */
@FunctionalInterface
public interface TraceListener {
    void event(TraceRecord event);

    /**
     * A process has entered a system call, of which the event has just told. It may be held here, in process context with nothing held, and goes on
     * with the call afterwards, whatever happened meanwhile.
     *
     * @param systemCall its number
     */
    default void entered(ProcessContext process, int systemCall) {}
}
