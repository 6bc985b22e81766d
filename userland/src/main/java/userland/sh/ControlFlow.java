// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** Commands that leave what is being executed. */
abstract sealed class ControlFlow extends RuntimeException {
    private ControlFlow() {
        super(null, null, false, false);
    }

    /** {@code break} and {@code continue}. */
    static final class Loop extends ControlFlow {
        final boolean again;
        /** How many loops it is about; 1 is the innermost. */
        final int levels;

        Loop(boolean again, int levels) {
            this.again = again;
            this.levels = levels;
        }
    }

    /** {@code return}. */
    static final class Return extends ControlFlow {
        final int status;

        Return(int status) {
            this.status = status;
        }
    }

    /** Somebody pressed the interrupt key: back to the prompt. */
    static final class Interrupt extends ControlFlow {
        /** 128 and SIGINT. */
        static final int STATUS = 130;
    }
}
