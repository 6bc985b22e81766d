// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import kernel.uapi.Limits;
import kernel.uapi.Seek;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** head(1). It reads a page at a time, and not again once it has its lines: of a device that blocks it takes one reading. */
final class Head implements Program {
    static final String USAGE = """
            Usage: head [-n LINES | -c BYTES] [-q | -v] [FILE]...
            Print the first lines of files, ten when nothing else is said.

              -n LINES   so many lines; -LINES means the same
              -c BYTES   so many bytes
              -q         never print headers with file names
              -v         always print them
            """;

    private static final int READ_BYTES = Limits.PAGE_SIZE;
    private static final long DEFAULT_LINES = 10;

    private final byte[] bytes = new byte[READ_BYTES];

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(Counts.expandShorthand(arguments), "n:c:qv");
        List<String> names = options.operands();
        Headers headers = new Headers(libc, options, names);
        boolean inBytes = options.has('c');
        long count = inBytes
                ? Counts.parse(options.value('c'), "bytes")
                : options.has('n') ? Counts.parse(options.value('n'), "lines") : DEFAULT_LINES;
        return new FileLoop(libc)
                        .messages(Head::describe)
                        .run(names, (name, fd) -> {
                            headers.print(name);
                            if (inBytes) {
                                printBytes(libc, fd, count);
                            } else {
                                printLines(libc, fd, count);
                            }
                        })
                        .failed()
                ? 1
                : 0;
    }

    private void printLines(Libc libc, int fd, long lines) {
        long buffer = libc.ioBuffer();
        long left = lines;
        while (left > 0) {
            int count = libc.read(fd, buffer, READ_BYTES);
            if (count == 0) {
                return;
            }
            libc.processor().load(buffer, bytes, 0, count);
            int end = 0;
            while (end < count && left > 0) {
                if (bytes[end++] == '\n') {
                    left--;
                }
            }
            libc.stdout().writeFrom(buffer, end);
            if (end < count) {
                // The next program that reads from here finds what was not printed, if the file can seek.
                libc.raw().lseek(fd, (long) end - count, Seek.SEEK_CUR);
            }
        }
    }

    private static void printBytes(Libc libc, int fd, long wanted) {
        long buffer = libc.ioBuffer();
        long left = wanted;
        while (left > 0) {
            int count = libc.read(fd, buffer, Math.min(left, READ_BYTES));
            if (count == 0) {
                return;
            }
            libc.stdout().writeFrom(buffer, count);
            left -= count;
        }
    }

    static String describe(String name, SystemCallException e) {
        return e.call().equals("open")
                ? "cannot open '" + name + "' for reading: " + e.text()
                : "error reading '" + Counts.displayName(name) + "': " + e.text();
    }
}
