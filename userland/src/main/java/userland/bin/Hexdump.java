// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import userland.libc.Libc;
import userland.libc.Program;

/** hexdump(1). */
final class Hexdump implements Program {
    static final String USAGE = """
            Usage: hexdump [-C] [-n BYTES] [FILE]...
            Print bytes as hexadecimal numbers.

              -C         byte by byte, with the characters beside
              -n BYTES   so many at the most
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "Cn:");
        long limit = options.has('n') ? Counts.parse(options.value('n'), "bytes") : Long.MAX_VALUE;
        Rows rows = options.has('C')
                ? new Rows(libc, offset -> Digits.hex(offset, 8), Hexdump::canonical)
                : new Rows(libc, offset -> Digits.hex(offset, 7), Hexdump::words);
        return rows.print(options.operands(), limit);
    }

    private static String canonical(byte[] bytes, int count) {
        StringBuilder hex = new StringBuilder();
        StringBuilder characters = new StringBuilder();
        for (int i = 0; i < Rows.ROW_BYTES; i++) {
            hex.append(i % 8 == 0 ? "  " : " ").append(i < count ? Digits.hex(bytes[i] & 0xff, 2) : "  ");
            if (i < count) {
                characters.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
            }
        }
        return hex + "  |" + characters + "|";
    }

    private static String words(byte[] bytes, int count) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < count; i += 2) {
            hex.append(' ').append(Digits.hex(Digits.word(bytes, i, count), 4));
        }
        return LongListing.left(hex.toString(), 40);
    }
}
