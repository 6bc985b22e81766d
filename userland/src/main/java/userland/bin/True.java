// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import userland.libc.Libc;
import userland.libc.Program;

/** true(1) and false(1). */
record True(int status) implements Program {
    static final String USAGE = """
            Usage: true
            Do nothing, successfully.
            """;

    static final String USAGE_FALSE = """
            Usage: false
            Do nothing, unsuccessfully.
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        return status;
    }
}
