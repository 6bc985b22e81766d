// SPDX-License-Identifier: Apache-2.0
package userland.libc;

/**
 * How a child ended.
 *
 * <pre>
 *   15       8 7    6       0
 *  +----------+------+--------+
 *  | exit code| core | signal |   signal 0: it exited
 *  +----------+------+--------+
 * </pre>
 *
 * @param pid the child; 0 when wait4 was told not to wait and no child has ended
 */
public record WaitStatus(int pid, int status) {
    /** For wait4: answer at once when no child has ended. */
    public static final int WNOHANG = 1;

    public static final int WUNTRACED = 2;

    /** Of a shell, added to the signal's number in {@code $?}. */
    private static final int SIGNALLED = 128;

    public boolean exited() {
        return signal() == 0;
    }

    public int exitCode() {
        return status >> 8 & 0xff;
    }

    /** The signal that ended it; 0 when it exited. */
    public int signal() {
        return status & 0x7f;
    }

    /** What {@code $?} becomes: the exit code, or 128 and the signal. */
    public int shellStatus() {
        return exited() ? exitCode() : SIGNALLED + signal();
    }
}
