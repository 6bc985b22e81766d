// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

/** Takes a process off the Java stack of a program that has come to its end; not to be caught by programs. Has no stack trace. */
final class Unwind extends Error {
    /** What comes next. */
    enum Why {
        /** The process is ending. */
        EXIT,
        /** Another program begins in its place. */
        EXEC
    }

    private static final long serialVersionUID = 1L;

    private final Why why;

    Unwind(Why why) {
        super("the program has ended: " + why, null, false, false);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
