// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** truncate(1). */
final class Truncate implements Program {
    static final String USAGE = """
            Usage: truncate [-c] -s SIZE FILE...
            Cut or extend files.

              -s SIZE   the size in bytes, with K, M or G; + or - in front: by so much
              -c        do not make files
            """;

    private static final int MODE = 0666;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "cs:");
        if (!options.has('s')) {
            throw new UsageException("you must specify either '--size' or '--reference'");
        }
        if (options.operands().isEmpty()) {
            throw new UsageException("missing file operand");
        }
        String size = options.value('s');
        int sign = size.startsWith("+") ? 1 : size.startsWith("-") ? -1 : 0;
        long number = Counts.parse(sign == 0 ? size : size.substring(1), "size");
        int status = 0;
        for (String path : options.operands()) {
            try {
                int flags = OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK | (options.has('c') ? 0 : OpenFlags.O_CREAT);
                int fd = libc.open(path, flags, MODE);
                long wanted = sign == 0 ? number : Math.max(0, libc.fstat(fd).sizeBytes() + sign * number);
                long result = libc.raw().ftruncate(fd, wanted);
                libc.close(fd);
                if (result < 0) {
                    libc.warn(
                            "failed to truncate '" + path + "' at " + wanted + " bytes: " + Errno.text((int) -result));
                    status = 1;
                }
            } catch (SystemCallException e) {
                if (!(options.has('c') && e.errno() == Errno.ENOENT)) {
                    libc.warn("cannot open '" + path + "' for writing: " + e.text());
                    status = 1;
                }
            }
        }
        return status;
    }
}
