// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import kernel.uapi.Signal;

/**
 * What a process does about a signal (Linux: struct sigaction).
 *
 * @param handler SIG_DFL, SIG_IGN or a text address
 * @param flags SA_RESTART and the like
 * @param mask signals that wait while the handler runs, one bit each
 */
record SignalAction(long handler, long flags, long mask) {
    static final SignalAction DEFAULT = new SignalAction(Signal.SIG_DFL, 0, 0);

    static final long SA_RESTART = Signal.SA_RESTART;
    static final long SA_NODEFER = 0x4000_0000L;
    static final long SA_RESETHAND = 0x8000_0000L;

    boolean isHandler() {
        return handler != Signal.SIG_DFL && handler != Signal.SIG_IGN;
    }

    boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
