// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.Program;

/** sort(1), in the order of the bytes. */
final class Sort implements Program {
    static final String USAGE = """
            Usage: sort [-nru] [FILE]...
            Print the lines of all files in order.

              -n   by the number at the start of the line
              -r   in reverse
              -u   of equal lines only the first
            """;

    static final int TROUBLE = 2;
    /** All lines are in memory at once. */
    private static final long BYTES_MAX = 64L << 20;

    private static final int NUMBER_DIGITS_MAX = 40;
    private static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;

    /** A line, and the number that -n sorts by, or null. */
    private static final class Line {
        private final byte[] text;
        private final BigDecimal number;

        Line(byte[] text, BigDecimal number) {
            this.text = text;
            this.number = number;
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private long total;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "nru");
        FileLoop loop = new FileLoop(libc)
                .messages((name, e) ->
                        (e.call().equals("open") ? "cannot read: " : "read failed: ") + name + ": " + e.text())
                .runLines(options.operands(), (_, input) -> load(input, options.has('n')));
        if (loop.failed()) {
            return TROUBLE;
        }
        Comparator<Line> order = Comparator.comparing(line -> line.text, BYTES);
        if (options.has('n')) {
            Comparator<Line> numeric = Comparator.comparing(line -> line.number);
            order = options.has('u') ? numeric : numeric.thenComparing(order);
        }
        if (options.has('r')) {
            order = order.reversed();
        }
        lines.sort(order);
        Line last = null;
        for (Line line : lines) {
            if (last == null || !options.has('u') || order.compare(last, line) != 0) {
                libc.stdout().write(line.text, 0, line.text.length);
                libc.stdout().println();
                last = line;
            }
        }
        return 0;
    }

    private void load(Input input, boolean numeric) {
        for (byte[] line = input.readLineBytes(); line != null; line = input.readLineBytes()) {
            total += line.length;
            if (total > BYTES_MAX) {
                throw new UsageException("memory exhausted");
            }
            byte[] text = line[line.length - 1] == '\n' ? Arrays.copyOf(line, line.length - 1) : line;
            lines.add(new Line(text, numeric ? number(text) : null));
        }
    }

    /** The number at the start; zero when there is none. */
    private static BigDecimal number(byte[] line) {
        int start = 0;
        while (start < line.length && (line[start] == ' ' || line[start] == '\t')) {
            start++;
        }
        int end = start < line.length && line[start] == '-' ? start + 1 : start;
        boolean point = false;
        int digits = 0;
        while (end < line.length
                && digits < NUMBER_DIGITS_MAX
                && (isDigit(line[end]) || (line[end] == '.' && !point))) {
            point |= line[end] == '.';
            digits += isDigit(line[end]) ? 1 : 0;
            end++;
        }
        return digits == 0
                ? BigDecimal.ZERO
                : new BigDecimal(new String(line, start, end - start, StandardCharsets.US_ASCII));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
