// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.OpenFlags;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** cmp(1). */
final class Cmp implements Program {
    static final String USAGE = """
            Usage: cmp [-s] FILE1 FILE2
            Compare two files byte by byte.

              -s   say nothing; the exit status tells
            """;

    static final int TROUBLE = 2;

    private static final int PIECE = 1 << 15;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "s");
        if (options.operands().size() != 2) {
            throw new UsageException(options.operands().isEmpty() ? "missing operand" : "two files are compared");
        }
        String one = options.operands().get(0);
        String other = options.operands().get(1);
        try {
            int first = libc.open(one, OpenFlags.O_RDONLY);
            int second = libc.open(other, OpenFlags.O_RDONLY);
            return compare(libc, first, second, one, other, options.has('s'));
        } catch (SystemCallException e) {
            libc.warn((e.path() == null ? "" : e.path() + ": ") + e.text());
            return TROUBLE;
        }
    }

    private static int compare(Libc libc, int first, int second, String one, String other, boolean quiet) {
        byte[] a = new byte[PIECE];
        byte[] b = new byte[PIECE];
        long position = 0;
        long line = 1;
        while (true) {
            int n = fill(libc, first, a);
            int m = fill(libc, second, b);
            for (int i = 0; i < Math.min(n, m); i++) {
                if (a[i] != b[i]) {
                    if (!quiet) {
                        libc.stdout()
                                .println(
                                        "%s %s differ: byte %d, line %d".formatted(one, other, position + i + 1, line));
                    }
                    return 1;
                }
                line += a[i] == '\n' ? 1 : 0;
            }
            position += Math.min(n, m);
            if (n != m) {
                if (!quiet) {
                    libc.warn("EOF on " + (n < m ? one : other) + " after byte " + position);
                }
                return 1;
            }
            if (n < PIECE) {
                return 0;
            }
        }
    }

    private static int fill(Libc libc, int fd, byte[] to) {
        int done = 0;
        while (done < to.length) {
            int n = libc.read(fd, libc.ioBuffer(), to.length - done);
            if (n == 0) {
                break;
            }
            libc.processor().load(libc.ioBuffer(), to, done, n);
            done += n;
        }
        return done;
    }
}
