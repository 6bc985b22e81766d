// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.function.Supplier;
import kernel.uapi.Executable;
import userland.libc.Crt;
import userland.libc.Libc;
import userland.libc.Program;

/**
 * A program of /bin with its manual page.
 *
 * @param usage what {@code --help} prints: the synopsis, a line that says what it does, the options
 * @param usageStatus the exit status after a wrong call
 */
record Tool(String name, String usage, int usageStatus, Supplier<? extends Program> code) {
    Executable executable() {
        return new Crt(() -> this::main);
    }

    /** The line that says what it does. */
    String summary() {
        int start = usage.indexOf('\n') + 1;
        int end = usage.indexOf('\n', start);
        return end < 0 ? usage.substring(start) : usage.substring(start, end);
    }

    private int main(Libc libc, String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("--help")) {
            libc.stdout().print(usage);
            return 0;
        }
        try {
            return code.get().main(libc, arguments);
        } catch (UsageException e) {
            libc.warn(e.getMessage());
            libc.stderr().println("Try '" + name + " --help' for more information.");
            return usageStatus;
        }
    }
}
