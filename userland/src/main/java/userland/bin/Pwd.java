// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import userland.libc.Libc;
import userland.libc.Program;

/** pwd(1). */
final class Pwd implements Program {
    static final String USAGE = """
            Usage: pwd
            Print the current directory.
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options.parse(arguments, "LP");
        libc.stdout().println(libc.getcwd());
        return 0;
    }
}
