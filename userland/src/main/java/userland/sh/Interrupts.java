// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import kernel.uapi.Signal;
import userland.libc.Libc;

/**
 * The interrupt key at an interactive shell. At the prompt the signal is ignored; while commands run it is noted, so that a loop of
 * built-in commands can be stopped.
 */
final class Interrupts {
    private final Libc libc;
    private long handler;
    private boolean raised;

    Interrupts(Libc libc) {
        this.libc = libc;
    }

    void ignore() {
        raised = false;
        libc.raw().sigaction(Signal.SIGINT, Signal.SIG_IGN, 0);
    }

    /** Without SA_RESTART: a {@code read} or {@code wait} that sleeps ends with EINTR. */
    void listen() {
        raised = false;
        if (handler == 0) {
            handler = libc.processor().textAddress((_, _) -> raised = true);
        }
        libc.raw().sigaction(Signal.SIGINT, handler, 0);
    }

    /** Leaves what is being executed if the key was pressed. */
    void check() {
        if (raised) {
            raised = false;
            throw new ControlFlow.Interrupt();
        }
    }
}
