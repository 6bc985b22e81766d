// SPDX-License-Identifier: Apache-2.0
package shell.process;

/** A tool gives up; the message goes to standard error. */
public final class ToolFailure extends Exception {
    /** What the shells of Unix answer when they were called wrongly. */
    public static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int status;

    public ToolFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** A wrong command line: says so in one line, and where to find help. */
    public static ToolFailure usage(Tool tool, String what) {
        return new ToolFailure(
                USAGE, tool.name() + ": " + what + "\nTry '" + tool.name() + " --help' for more information.");
    }

    /** The exit status. */
    public int status() {
        return status;
    }
}
