// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import kernel.api.context.InterruptContext;

/** The interrupt context of one processor. */
final class HardirqContext extends KernelContext implements InterruptContext {
    HardirqContext(Cpu cpu) {
        super(cpu);
    }
}
