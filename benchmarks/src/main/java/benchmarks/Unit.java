// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** What a figure counts, and how people read it. */
enum Unit {
    NANOSECONDS {
        @Override
        String format(double value) {
            double magnitude = Math.abs(value);
            if (magnitude < 1e3) {
                return threeDigits(value) + " ns";
            }
            if (magnitude < 1e6) {
                return threeDigits(value / 1e3) + " µs";
            }
            return magnitude < 1e9 ? threeDigits(value / 1e6) + " ms" : threeDigits(value / 1e9) + " s";
        }
    },
    PER_SECOND {
        @Override
        String format(double value) {
            return threeDigits(value) + " /s";
        }
    },
    COUNT {
        @Override
        String format(double value) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
    };

    abstract String format(double value);

    /** Three digits that mean something, the rest zeros. */
    static String threeDigits(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
        return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }
}
