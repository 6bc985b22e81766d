// SPDX-License-Identifier: Apache-2.0
package hardware.machine.interrupt;

import hardware.machine.cpu.Processor;

/**
 * What the interrupt controller tells when a processor has a pending line; implemented by whoever runs the processors.
 */
public interface InterruptSink {
    /**
     * The attention word of {@code target} has just been set. Called by whichever thread raised the line, possibly from
     * within a register access or device event, so it must neither block nor run a handler; it arranges that the
     * processor notices.
     */
    void interruptPending(Processor target);
}
