// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.util.Arrays;
import java.util.Optional;

/** What was measured for a row so far. */
final class RowResult {
    private final Row row;
    private final Side host = new Side();
    private final Side simulated = new Side();

    /** One side: its figures, or why there are none. */
    static final class Side {
        private Samples samples;
        private String failure;

        void add(Samples more) {
            samples = samples == null ? more : samples.and(more);
        }

        void fail(String reason) {
            failure = reason;
        }

        Optional<Samples> samples() {
            return failure == null ? Optional.ofNullable(samples) : Optional.empty();
        }

        /** Why there are no figures, or null. */
        String failure() {
            return failure;
        }
    }

    /** The ratio of ours to the host's: its median over the rounds, the least and the greatest. */
    record Ratio(double median, double min, double max) {}

    RowResult(Row row) {
        this.row = row;
    }

    Row row() {
        return row;
    }

    Side host() {
        return host;
    }

    Side simulated() {
        return simulated;
    }

    /** Round by round, so that what slows the machine down for a while slows both sides of it. */
    Optional<Ratio> ratio() {
        if (host.samples().isEmpty() || simulated.samples().isEmpty()) {
            return Optional.empty();
        }
        Samples theirs = host.samples().get();
        Samples ours = simulated.samples().get();
        double[] ratios =
                new double[Math.min(theirs.rounds().size(), ours.rounds().size())];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = ours.medianOfRound(round) / theirs.medianOfRound(round);
        }
        return Optional.of(new Ratio(
                Samples.quantile(ratios, 0.5),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow()));
    }

    /** Whether the goal is met; empty when there is none or nothing to compare. */
    Optional<Boolean> met() {
        Optional<Samples> ours = simulated.samples();
        Goal goal = row.goal();
        if (goal.kind() == Goal.Kind.NONE || ours.isEmpty()) {
            return Optional.empty();
        }
        if (goal.kind() == Goal.Kind.RATIO_AT_MOST) {
            return ratio().map(ratio -> goal.isMet(0, ratio.median()));
        }
        return Optional.of(goal.isMet(ours.get().median(), 0));
    }
}
