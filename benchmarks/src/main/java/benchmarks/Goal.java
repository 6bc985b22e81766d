// SPDX-License-Identifier: Apache-2.0
package benchmarks;

/** What an operation may cost at most, or must reach at least. */
record Goal(Kind kind, double limit, Unit unit) {
    enum Kind {
        NONE,
        RATIO_AT_MOST,
        AT_MOST,
        AT_LEAST
    }

    static Goal none() {
        return new Goal(Kind.NONE, 0, Unit.COUNT);
    }

    /** As a part of what the host kernel needs. */
    static Goal ratioAtMost(double limit) {
        return new Goal(Kind.RATIO_AT_MOST, limit, Unit.COUNT);
    }

    static Goal atMostMillis(double limit) {
        return new Goal(Kind.AT_MOST, limit * 1e6, Unit.NANOSECONDS);
    }

    static Goal atLeast(double limit, Unit unit) {
        return new Goal(Kind.AT_LEAST, limit, unit);
    }

    /** Whether the figures reach it; true where there is none. */
    boolean isMet(double figure, double ratio) {
        return switch (kind) {
            case NONE -> true;
            case RATIO_AT_MOST -> ratio <= limit;
            case AT_MOST -> figure <= limit;
            case AT_LEAST -> figure >= limit;
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "";
            case RATIO_AT_MOST ->
                "≤ " + Unit.threeDigits(limit).replaceAll("0+$", "").replaceAll("\\.$", "") + " x";
            case AT_MOST -> "≤ " + unit.format(limit).replaceAll("\\.0+ ", " ");
            case AT_LEAST -> "≥ " + unit.format(limit);
        };
    }
}
