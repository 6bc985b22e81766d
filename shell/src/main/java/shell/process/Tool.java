// SPDX-License-Identifier: Apache-2.0
package shell.process;

import java.util.List;

/** A command of this bundle: a program of /sbin, and a command of the framework's shell. One instance serves all processes that run it. */
public interface Tool {
    /** The last part of the program's path. */
    String name();

    /** What it is for, in a few words. */
    String summary();

    /** What {@code --help} prints. */
    String usage();

    /**
     * Runs to the end.
     *
     * @param arguments without the program's name
     * @return the exit status
     * @throws ToolFailure with a message for standard error and a status
     */
    int run(ToolProcess process, List<String> arguments) throws ToolFailure;
}
