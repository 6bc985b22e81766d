// SPDX-License-Identifier: Apache-2.0
package launcher;

import java.util.concurrent.Callable;

/** The way in: reads the command line, boots the framework, waits for the session, exits with its status. */
public final class Launcher {
    /** What the shells of Unix answer when they were called wrongly. */
    static final int USAGE = 2;

    private static final int FAILURE = 70;

    private Launcher() {}

    public static void main(String[] arguments) {
        int status = FAILURE;
        try {
            status = run(arguments);
        } catch (Exception e) {
            System.err.println("ubend: " + e);
            e.printStackTrace();
        } finally {
            System.out.flush();
            System.err.flush();
            // Not exit(): a driver or a library may have left a thread or a hook that waits for ever.
            Runtime.getRuntime().halt(status);
        }
    }

    private static int run(String[] arguments) throws Exception {
        CommandLine commandLine;
        try {
            commandLine = CommandLine.parse(arguments);
        } catch (UsageException e) {
            System.err.println("ubend: " + e.getMessage());
            System.err.println("Try 'ubend --help'.");
            return USAGE;
        }
        if (commandLine.answer() != null) {
            System.out.print(commandLine.answer());
            return 0;
        }
        try (BootedFramework framework = BootedFramework.boot(Home.find(), commandLine)) {
            Callable<Integer> session = framework.session();
            return session.call();
        }
    }
}
