// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.Console;
import java.util.Arrays;
import java.util.List;
import org.osgi.framework.BundleContext;

/**
 * What the host told us: properties of the framework from the launcher, system properties and variables of the environment from the script that started it.
 *
 * @param shellArguments what /bin/sh is given; empty for a prompt
 * @param gosh whether the framework's own shell is wanted
 * @param traceFile where the trace goes, or null
 * @param bundles files to add before the first program starts
 * @param hash whether the hash of the trace is printed at the end
 * @param inputIsTerminal whether standard input is a terminal; so for output and errors
 * @param columns of the terminal
 */
record Host(
        List<String> shellArguments,
        boolean gosh,
        String traceFile,
        List<String> bundles,
        boolean hash,
        boolean inputIsTerminal,
        boolean outputIsTerminal,
        boolean errorIsTerminal,
        int rows,
        int columns) {
    private static final int ROWS_DEFAULT = 24;
    private static final int COLUMNS_DEFAULT = 80;

    /** The console of JDK 25 is null again where there is no terminal, unlike what the analysis knows. */
    @SuppressWarnings("SystemConsoleNull")
    static Host of(BundleContext context) {
        // From the script, which can ask for each: one letter for each that is a terminal.
        String terminals = System.getProperty("ubend.terminals");
        Console terminal = System.console();
        boolean console = terminal != null && terminal.isTerminal();
        int[] size = size(System.getProperty("ubend.terminal.size", ""));
        return new Host(
                split(context.getProperty("ubend.shell.arguments"), "\0"),
                Boolean.parseBoolean(context.getProperty("ubend.gosh")),
                context.getProperty("ubend.trace"),
                split(context.getProperty("ubend.bundles"), "\0"),
                Boolean.parseBoolean(context.getProperty("ubend.hash")),
                terminals == null ? console : terminals.contains("i"),
                terminals == null ? console : terminals.contains("o"),
                terminals == null ? console : terminals.contains("e"),
                size[0],
                size[1]);
    }

    private static List<String> split(String text, String separator) {
        return text == null || text.isEmpty() ? List.of() : Arrays.asList(text.split(separator, -1));
    }

    /** What {@code stty size} says. */
    private static int[] size(String text) {
        String[] parts = text.strip().split(" ");
        if (parts.length == 2 && parts[0].matches("[0-9]{1,4}") && parts[1].matches("[0-9]{1,4}")) {
            int rows = Integer.parseInt(parts[0]);
            int columns = Integer.parseInt(parts[1]);
            if (rows > 0 && columns > 0) {
                return new int[] {rows, columns};
            }
        }
        return new int[] {ROWS_DEFAULT, COLUMNS_DEFAULT};
    }

    /** Whether there is somebody at a terminal. */
    boolean hasTerminal() {
        return inputIsTerminal && outputIsTerminal;
    }

    /** Whether somebody waits for a prompt. */
    boolean isInteractive() {
        return shellArguments.isEmpty() && hasTerminal();
    }
}
