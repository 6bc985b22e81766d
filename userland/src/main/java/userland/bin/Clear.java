// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import userland.libc.Libc;
import userland.libc.Program;

/** clear(1): for terminals that understand ANSI's sequences, as the console does. */
final class Clear implements Program {
    static final String USAGE = """
            Usage: clear
            Clear the terminal's screen and what has scrolled out of it.
            """;

    /** To the first column of the first line; erase the screen; erase what was above it. */
    private static final String SEQUENCE = "\033[H\033[2J\033[3J";

    @Override
    public int main(Libc libc, String[] arguments) {
        libc.stdout().print(SEQUENCE);
        libc.stdout().flush();
        return 0;
    }
}
