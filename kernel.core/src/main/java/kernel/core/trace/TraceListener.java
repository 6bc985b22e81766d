// SPDX-License-Identifier: Apache-2.0
package kernel.core.trace;

/** Gets each event as it happens, on the thread on which it happens; must be quick, must not sleep and must not trace. */
@FunctionalInterface
public interface TraceListener {
    void event(TraceRecord event);
}
