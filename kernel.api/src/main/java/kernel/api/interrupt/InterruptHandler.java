// SPDX-License-Identifier: Apache-2.0
package kernel.api.interrupt;

import kernel.api.context.InterruptContext;

/**
 * The top half: called when the line interrupts, in interrupt context with interrupts disabled. It acknowledges the
 * device, saves what would be lost, and leaves the rest to a tasklet or work item.
 */
@FunctionalInterface
public interface InterruptHandler {
    InterruptResult handle(InterruptContext context);
}
