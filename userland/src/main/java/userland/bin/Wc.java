// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** wc(1). */
final class Wc implements Program {
    static final String USAGE = """
            Usage: wc [-lwc] [FILE]...
            Count the lines, words and bytes of files.

              -l   lines only
              -w   words only
              -c   bytes only
            """;

    /** So wide is a column when the size of an input is not known beforehand. */
    private static final int UNKNOWN_WIDTH = 7;

    private record Count(long lines, long words, long bytes) {
        Count plus(Count other) {
            return new Count(lines + other.lines, words + other.words, bytes + other.bytes);
        }
    }

    private final byte[] bytes = new byte[Libc.IO_BUFFER_BYTES];
    private Count total = new Count(0, 0, 0);

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "lwc");
        List<String> names = options.operands();
        int width = width(libc, names, columns(options, new Count(0, 0, 0)).size());
        FileLoop loop = new FileLoop(libc).run(names, (name, fd) -> {
            Count count = count(libc, fd);
            total = total.plus(count);
            print(libc, width, columns(options, count), names.isEmpty() ? "" : name);
        });
        if (names.size() > 1) {
            print(libc, width, columns(options, total), "total");
        }
        return loop.failed() ? 1 : 0;
    }

    private Count count(Libc libc, int fd) {
        long buffer = libc.ioBuffer();
        long lines = 0;
        long words = 0;
        long size = 0;
        boolean inWord = false;
        for (int n = libc.read(fd, buffer, Libc.IO_BUFFER_BYTES);
                n > 0;
                n = libc.read(fd, buffer, Libc.IO_BUFFER_BYTES)) {
            libc.processor().load(buffer, bytes, 0, n);
            size += n;
            for (int i = 0; i < n; i++) {
                byte b = bytes[i];
                if (b == '\n') {
                    lines++;
                }
                boolean space = b == ' ' || (b >= '\t' && b <= '\r');
                if (!space && !inWord) {
                    words++;
                }
                inWord = !space;
            }
        }
        return new Count(lines, words, size);
    }

    private static List<Long> columns(Options options, Count count) {
        boolean all = !options.has('l') && !options.has('w') && !options.has('c');
        List<Long> columns = new ArrayList<>();
        if (all || options.has('l')) {
            columns.add(count.lines);
        }
        if (all || options.has('w')) {
            columns.add(count.words);
        }
        if (all || options.has('c')) {
            columns.add(count.bytes);
        }
        return columns;
    }

    /** Wide enough for the sum of the sizes; a single number stands alone. */
    private static int width(Libc libc, List<String> names, int columns) {
        if (columns == 1 && names.size() <= 1) {
            return 1;
        }
        long sum = 0;
        int width = 1;
        for (String name : names.isEmpty() ? List.of("-") : names) {
            try {
                FileStatus status = name.equals("-") ? libc.fstat(Libc.STDIN) : libc.stat(name);
                if (status.isRegular()) {
                    sum += status.sizeBytes();
                } else {
                    width = UNKNOWN_WIDTH;
                }
            } catch (SystemCallException _) {
                width = Math.max(width, 1); // It is reported when it is opened.
            }
        }
        return Math.max(width, Long.toString(sum).length());
    }

    private static void print(Libc libc, int width, List<Long> columns, String name) {
        StringBuilder line = new StringBuilder();
        for (long column : columns) {
            String digits = Long.toString(column);
            line.append(line.isEmpty() ? "" : " ")
                    .append(" ".repeat(Math.max(0, width - digits.length())))
                    .append(digits);
        }
        libc.stdout().println(name.isEmpty() ? line.toString() : line + " " + name);
    }
}
