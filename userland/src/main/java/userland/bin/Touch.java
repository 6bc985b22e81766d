// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.OpenFlags;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** touch(1), as far as it makes files: there is no system call here that sets times. */
final class Touch implements Program {
    static final String USAGE = """
            Usage: touch [-c] FILE...
            Make files that are not there, empty.

              -c   do not make them, only see whether they can be written
            """;

    private static final int MODE = 0666;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "c");
        if (options.operands().isEmpty()) {
            throw new UsageException("missing file operand");
        }
        int create = options.has('c') ? 0 : OpenFlags.O_CREAT;
        int status = 0;
        for (String path : options.operands()) {
            try {
                libc.close(
                        libc.open(path, OpenFlags.O_WRONLY | OpenFlags.O_NOCTTY | OpenFlags.O_NONBLOCK | create, MODE));
            } catch (SystemCallException.NoSuchFile e) {
                if (!options.has('c')) {
                    status = fail(libc, path, e);
                }
            } catch (SystemCallException e) {
                status = fail(libc, path, e);
            }
        }
        return status;
    }

    private static int fail(Libc libc, String path, SystemCallException e) {
        libc.warn("cannot touch '" + path + "': " + e.text());
        return 1;
    }
}
