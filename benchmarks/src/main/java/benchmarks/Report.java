// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as Markdown. */
final class Report {
    private final Surroundings surroundings;
    private final Effort effort;
    private final List<RowResult> results;

    Report(Surroundings surroundings, Effort effort, List<RowResult> results) {
        this.surroundings = surroundings;
        this.effort = effort;
        this.results = results;
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        surroundings.lines().forEach(line -> lines.add("- " + line));
        lines.add("- Rounds: %d, each side in a fresh JVM with %d iterations of %d ms after %d of warm-up"
                .formatted(effort.rounds(), effort.iterations(), effort.iterationMillis(), effort.warmups()));
        lines.add("");
        lines.add("| operation | host kernel | U-Bend | ratio | goal | met? |");
        lines.add("|---|---|---|---|---|---|");
        List<String> notes = new ArrayList<>();
        for (RowResult result : results) {
            lines.add(line(result, notes));
        }
        lines.add("");
        lines.add(
                "Median ± half the interquartile range over all iterations; ratio: median over the rounds (least-greatest).");
        if (!notes.isEmpty()) {
            lines.add("");
            for (int i = 0; i < notes.size(); i++) {
                lines.add((i + 1) + ". " + notes.get(i));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(RowResult result, List<String> notes) {
        Row row = result.row();
        String operation = row.operation();
        if (!row.note().isEmpty()) {
            notes.add(row.note());
            operation += " <sup>" + notes.size() + "</sup>";
        }
        String met = result.met().map(yes -> yes ? "yes" : "**no**").orElse("");
        return "| %s | %s | %s | %s | %s | %s |"
                .formatted(
                        operation,
                        cell(row.host(), result.host()),
                        cell(row.simulated(), result.simulated()),
                        result.ratio().map(Report::ratio).orElse(""),
                        row.goal(),
                        met);
    }

    private static String cell(Measurement measurement, RowResult.Side side) {
        if (measurement == null) {
            return "";
        }
        if (side.failure() != null) {
            return "not measured: " + side.failure();
        }
        return side.samples().map(Report::figure).orElse("not measured");
    }

    private static String figure(Samples samples) {
        String median = samples.unit().format(samples.median());
        return samples.spread() == 0
                ? median
                : String.format(Locale.ROOT, "%s ± %.1f %%", median, 100 * samples.spread() / samples.median());
    }

    private static String ratio(RowResult.Ratio ratio) {
        String median = Unit.threeDigits(ratio.median());
        return ratio.min() == ratio.max()
                ? median
                : median + " (" + Unit.threeDigits(ratio.min()) + "-" + Unit.threeDigits(ratio.max()) + ")";
    }
}
