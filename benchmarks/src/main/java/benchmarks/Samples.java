// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The figures of one side of a row: for each round those of its iterations. */
record Samples(Unit unit, List<double[]> rounds) {
    Samples {
        rounds = List.copyOf(rounds);
    }

    Samples and(Samples later) {
        List<double[]> all = new ArrayList<>(rounds);
        all.addAll(later.rounds);
        return new Samples(unit, all);
    }

    double median() {
        return quantile(all(), 0.5);
    }

    /** Half of the range in which the middle half of all figures lies. */
    double spread() {
        double[] all = all();
        return (quantile(all, 0.75) - quantile(all, 0.25)) / 2;
    }

    double medianOfRound(int round) {
        return quantile(rounds.get(round), 0.5);
    }

    private double[] all() {
        return rounds.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** Interpolated between neighbours. */
    static double quantile(double[] values, double fraction) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = fraction * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }
}
