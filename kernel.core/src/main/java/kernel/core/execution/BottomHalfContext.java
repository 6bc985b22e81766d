// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import kernel.api.context.SoftirqContext;

/** The softirq context of one processor. */
final class BottomHalfContext extends KernelContext implements SoftirqContext {
    BottomHalfContext(Cpu cpu) {
        super(cpu);
    }
}
