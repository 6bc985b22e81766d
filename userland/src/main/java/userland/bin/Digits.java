// SPDX-License-Identifier: Apache-2.0
package userland.bin;

/** Numbers with zeros in front. */
final class Digits {
    private Digits() {}

    static String hex(long value, int width) {
        return pad(Long.toHexString(value), width);
    }

    static String octal(long value, int width) {
        return pad(Long.toOctalString(value), width);
    }

    /** Two bytes, little-endian; the second one is zero behind the end. */
    static int word(byte[] bytes, int at, int count) {
        int high = at + 1 < count ? bytes[at + 1] & 0xff : 0;
        return (bytes[at] & 0xff) | high << 8;
    }

    private static String pad(String digits, int width) {
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
