// SPDX-License-Identifier: Apache-2.0
package hardware.machine.interrupt;

import hardware.machine.cpu.Processor;

/** Watches lines become pending, for a trace. Called on whichever thread raises; must not block. */
@FunctionalInterface
public interface LineObserver {
    /** The line has interrupted; that processor is to take it. */
    void pending(InterruptLine line, Processor target);
}
