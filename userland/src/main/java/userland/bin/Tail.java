// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.Program;

/** tail(1). */
final class Tail implements Program {
    static final String USAGE = """
            Usage: tail [-n LINES | -c BYTES] [-q | -v] [FILE]...
            Print the last lines of files, ten when nothing else is said.

              -n LINES   so many lines; +LINES: from that line on; -LINES means the same as -n LINES
              -c BYTES   so many bytes; +BYTES: from that byte on
              -q         never print headers with file names
              -v         always print them
            """;

    private static final String DEFAULT_COUNT = "10";
    private static final int BYTES_MAX = 16 << 20;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(Counts.expandShorthand(arguments), "n:c:qv");
        List<String> names = options.operands();
        Headers headers = new Headers(libc, options, names);
        boolean inBytes = options.has('c');
        String text = inBytes ? options.value('c') : options.has('n') ? options.value('n') : DEFAULT_COUNT;
        boolean fromStart = text.startsWith("+");
        long count =
                Counts.parse(fromStart || text.startsWith("-") ? text.substring(1) : text, inBytes ? "bytes" : "lines");
        return new FileLoop(libc)
                        .messages(Head::describe)
                        .runLines(names, (name, input) -> {
                            headers.print(name);
                            if (fromStart) {
                                skip(libc, input, Math.max(0, count - 1), inBytes);
                            } else if (inBytes) {
                                lastBytes(libc, input.fd(), count);
                            } else {
                                lastLines(libc, input, count);
                            }
                        })
                        .failed()
                ? 1
                : 0;
    }

    private static void lastLines(Libc libc, Input input, long count) {
        Deque<byte[]> lines = new ArrayDeque<>();
        for (byte[] line = input.readLineBytes(); line != null; line = input.readLineBytes()) {
            lines.addLast(line);
            if (lines.size() > count) {
                lines.removeFirst();
            }
        }
        for (byte[] line : lines) {
            libc.stdout().write(line, 0, line.length);
        }
    }

    private static void lastBytes(Libc libc, int fd, long count) {
        if (count > BYTES_MAX) {
            throw new UsageException("number of bytes is too large: " + count);
        }
        int wanted = (int) count;
        long buffer = libc.ioBuffer();
        byte[] kept = {};
        for (int n = libc.read(fd, buffer, Libc.IO_BUFFER_BYTES);
                n > 0;
                n = libc.read(fd, buffer, Libc.IO_BUFFER_BYTES)) {
            byte[] joined = Arrays.copyOf(kept, kept.length + n);
            libc.processor().load(buffer, joined, kept.length, n);
            kept = joined.length > wanted ? Arrays.copyOfRange(joined, joined.length - wanted, joined.length) : joined;
        }
        libc.stdout().write(kept, 0, kept.length);
    }

    private static void skip(Libc libc, Input input, long count, boolean inBytes) {
        for (long left = count; left > 0; left--) {
            if (inBytes ? input.read() < 0 : input.readLineBytes() == null) {
                return;
            }
        }
        for (byte[] line = input.readLineBytes(); line != null; line = input.readLineBytes()) {
            libc.stdout().write(line, 0, line.length);
        }
    }
}
