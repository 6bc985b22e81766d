// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import userland.libc.Libc;
import userland.libc.Program;

/** od(1). */
final class Od implements Program {
    static final String USAGE = """
            Usage: od [-cx] [-t TYPE] [-A RADIX] [-N BYTES] [FILE]...
            Print bytes as octal numbers, or in another way.

              -c         as characters, the same as -t c
              -x         as hexadecimal words, the same as -t x2
              -t TYPE    c, o1, o2, x1, x2 or u1
              -A RADIX   of the offsets: o, d, x, or n for none
              -N BYTES   so many at the most
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "cxt:A:N:");
        String type = options.has('c') ? "c" : options.has('x') ? "x2" : options.has('t') ? options.value('t') : "o2";
        String radix = options.has('A') ? options.value('A') : "o";
        long limit = options.has('N') ? Counts.parse(options.value('N'), "bytes") : Long.MAX_VALUE;
        return new Rows(libc, offsets(radix), format(type)).print(options.operands(), limit);
    }

    private static Rows.OffsetFormat offsets(String radix) {
        return switch (radix) {
            case "o" -> offset -> Digits.octal(offset, 7);
            case "x" -> offset -> Digits.hex(offset, 6);
            case "d" ->
                offset -> "0".repeat(Math.max(0, 7 - Long.toString(offset).length())) + offset;
            case "n" -> _ -> "";
            default -> throw new UsageException("invalid output address radix '" + radix + "'");
        };
    }

    private static Rows.Format format(String type) {
        return switch (type) {
            case "c" -> (bytes, count) -> each(bytes, count, Od::character);
            case "o1" -> (bytes, count) -> each(bytes, count, b -> " " + Digits.octal(b, 3));
            case "x1" -> (bytes, count) -> each(bytes, count, b -> " " + Digits.hex(b, 2));
            case "u1" -> (bytes, count) -> each(bytes, count, b -> LongListing.right(Integer.toString(b), 4));
            case "o2" -> (bytes, count) -> words(bytes, count, w -> " " + Digits.octal(w, 6));
            case "x2" -> (bytes, count) -> words(bytes, count, w -> " " + Digits.hex(w, 4));
            default -> throw new UsageException("invalid type string '" + type + "'");
        };
    }

    /** Prints one number. */
    @FunctionalInterface
    private interface Cell {
        String of(int value);
    }

    private static String each(byte[] bytes, int count, Cell cell) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < count; i++) {
            row.append(cell.of(bytes[i] & 0xff));
        }
        return row.toString();
    }

    private static String words(byte[] bytes, int count, Cell cell) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < count; i += 2) {
            row.append(cell.of(Digits.word(bytes, i, count)));
        }
        return row.toString();
    }

    private static String character(int value) {
        return switch (value) {
            case 0 -> "  \\0";
            case 7 -> "  \\a";
            case '\b' -> "  \\b";
            case '\t' -> "  \\t";
            case '\n' -> "  \\n";
            case 11 -> "  \\v";
            case '\f' -> "  \\f";
            case '\r' -> "  \\r";
            default -> value >= ' ' && value < 127 ? "   " + (char) value : " " + Digits.octal(value, 3);
        };
    }
}
