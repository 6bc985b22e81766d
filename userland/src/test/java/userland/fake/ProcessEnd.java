// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import kernel.uapi.Executable;

/** How the fake kernel takes a process off its stack, just as the real one does: an error that programs let pass. */
abstract sealed class ProcessEnd extends Error {
    private ProcessEnd() {
        super(null, null, false, false);
    }

    /** exit_group. */
    static final class ByExit extends ProcessEnd {
        final int status;

        ByExit(int status) {
            this.status = status;
        }
    }

    /** A signal whose action is to end it. */
    static final class BySignal extends ProcessEnd {
        final int signal;

        BySignal(int signal) {
            this.signal = signal;
        }
    }

    /** It goes on as another program. */
    static final class ByExec extends ProcessEnd {
        final transient Executable program;
        final long stackPointer;

        ByExec(Executable program, long stackPointer) {
            this.program = program;
            this.stackPointer = stackPointer;
        }
    }
}
