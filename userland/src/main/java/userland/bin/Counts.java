// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;

/** How many: the numbers on the command lines of head and tail. */
final class Counts {
    private Counts() {}

    /** Makes {@code -n 5} of {@code -5}. */
    static String[] expandShorthand(String[] arguments) {
        List<String> expanded = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.length() > 1
                    && argument.charAt(0) == '-'
                    && argument.chars().skip(1).allMatch(Character::isDigit)) {
                expanded.add("-n");
                expanded.add(argument.substring(1));
            } else {
                expanded.add(argument);
            }
        }
        return expanded.toArray(String[]::new);
    }

    /** A number with an optional K, M or G. */
    static long parse(String text, String what) {
        String digits = text;
        int shift = 0;
        if (!text.isEmpty()) {
            shift = switch (text.charAt(text.length() - 1)) {
                case 'k', 'K' -> 10;
                case 'M' -> 20;
                case 'G' -> 30;
                default -> 0;
            };
            digits = shift == 0 ? text : text.substring(0, text.length() - 1);
        }
        try {
            long number = Math.multiplyExact(Long.parseLong(digits), 1L << shift);
            if (number >= 0 && !digits.startsWith("+")) {
                return number;
            }
        } catch (NumberFormatException | ArithmeticException _) {
            throw invalid(text, what);
        }
        throw invalid(text, what);
    }

    /** What a header calls a file. */
    static String displayName(String name) {
        return name.equals("-") ? "standard input" : name;
    }

    private static UsageException invalid(String text, String what) {
        return new UsageException("invalid number of " + what + ": '" + text + "'");
    }
}
