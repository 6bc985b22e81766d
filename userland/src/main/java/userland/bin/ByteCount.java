// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.Locale;

/** A number of bytes as a person writes it: digits, and perhaps K, M, G or T for powers of 1024. */
final class ByteCount {
    private static final String UNITS = "KMGT";
    private static final int SHIFT_PER_UNIT = 10;

    private ByteCount() {}

    /** The number, or -1 for another text and for more than there can be. */
    static long parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT).replaceFirst("IB$", "");
        if (!upper.matches("[0-9]{1,18}[KMGT]?")) {
            return -1;
        }
        int unit = UNITS.indexOf(upper.charAt(upper.length() - 1)) + 1;
        long number = Long.parseLong(unit == 0 ? upper : upper.substring(0, upper.length() - 1));
        int shift = unit * SHIFT_PER_UNIT;
        return number <= Long.MAX_VALUE >> shift ? number << shift : -1;
    }
}
