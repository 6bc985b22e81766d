// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.math.BigDecimal;
import java.math.RoundingMode;
import userland.libc.Libc;
import userland.libc.Program;

/** sleep(1). */
final class Sleep implements Program {
    static final String USAGE = """
            Usage: sleep NUMBER[SUFFIX]...
            Do nothing for so many seconds; SUFFIX is s, m, h or d. Several numbers are added up.
            """;

    private static final int NANOS_DIGITS = 9;
    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(Long.MAX_VALUE, NANOS_DIGITS);
    /** Longer numbers than this nobody types. */
    private static final int DIGITS_MAX = 40;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "");
        if (options.operands().isEmpty()) {
            throw new UsageException("missing operand");
        }
        BigDecimal seconds = BigDecimal.ZERO;
        for (String interval : options.operands()) {
            seconds = seconds.add(parse(interval));
        }
        libc.clock()
                .sleep(seconds.min(SECONDS_MAX)
                        .movePointRight(NANOS_DIGITS)
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact());
        return 0;
    }

    private static BigDecimal parse(String interval) {
        String digits = interval;
        int factor = 1;
        if (!interval.isEmpty() && Character.isLetter(interval.charAt(interval.length() - 1))) {
            digits = interval.substring(0, interval.length() - 1);
            factor = switch (interval.charAt(interval.length() - 1)) {
                case 's' -> 1;
                case 'm' -> 60;
                case 'h' -> 3600;
                case 'd' -> 86400;
                default -> 0;
            };
        }
        if (factor == 0 || digits.length() > DIGITS_MAX || !digits.matches("[0-9]+(\\.[0-9]*)?|\\.[0-9]+")) {
            throw new UsageException("invalid time interval '" + interval + "'");
        }
        return new BigDecimal(digits).multiply(BigDecimal.valueOf(factor));
    }
}
