// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** The rounds: in each, every row's host and simulated side take turns, and who comes first changes from round to round. */
final class Campaign {
    private final Effort effort;
    private final PrintStream progress;

    /** @param progress gets a line for each figure */
    Campaign(Effort effort, PrintStream progress) {
        this.effort = effort;
        this.progress = progress;
    }

    List<RowResult> run(List<Row> rows) {
        List<RowResult> results = rows.stream().map(RowResult::new).toList();
        for (int round = 1; round <= effort.rounds(); round++) {
            for (RowResult result : results) {
                runRow(result, round);
            }
        }
        return results;
    }

    private void runRow(RowResult result, int round) {
        Row row = result.row();
        if (round % 2 == 1) {
            runSide(row, "host", row.host(), result.host(), round);
            runSide(row, "U-Bend", row.simulated(), result.simulated(), round);
        } else {
            runSide(row, "U-Bend", row.simulated(), result.simulated(), round);
            runSide(row, "host", row.host(), result.host(), round);
        }
    }

    private void runSide(Row row, String name, Measurement measurement, RowResult.Side side, int round) {
        if (measurement == null || side.failure() != null || (measurement.once() && round > 1)) {
            return;
        }
        progress.printf("round %d/%d  %s, %s: ", round, effort.rounds(), row.operation(), name);
        Optional<String> obstacle = measurement.obstacle();
        if (obstacle.isPresent()) {
            side.fail(obstacle.get());
            progress.println("not measured, " + obstacle.get());
            return;
        }
        try {
            Samples samples = measurement.measure(effort);
            side.add(samples);
            progress.println(samples.unit().format(samples.median()));
        } catch (MeasurementException e) {
            side.fail(e.getMessage());
            progress.println(e.getMessage());
        }
    }
}
