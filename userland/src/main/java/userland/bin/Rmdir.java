// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** rmdir(1). */
final class Rmdir implements Program {
    static final String USAGE = """
            Usage: rmdir DIRECTORY...
            Remove directories that are empty.
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "");
        if (options.operands().isEmpty()) {
            throw new UsageException("missing operand");
        }
        int status = 0;
        for (String path : options.operands()) {
            try {
                libc.rmdir(path);
            } catch (SystemCallException e) {
                libc.warn("failed to remove '" + path + "': " + e.text());
                status = 1;
            }
        }
        return status;
    }
}
