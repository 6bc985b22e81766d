// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

/** Takes a process off the Java stack of a program that has come to its end; not to be caught by programs. */
final class Unwind extends Error {
    private static final long serialVersionUID = 1L;

    /** The process is ending. */
    static final Unwind EXIT = new Unwind("this process is exiting");
    /** Another program begins in its place. */
    static final Unwind EXEC = new Unwind("this process is another program now");

    private Unwind(String why) {
        super(why, null, false, false);
    }
}
