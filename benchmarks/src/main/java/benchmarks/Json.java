// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results as JSON, every single figure included. Times are nanoseconds. */
final class Json {
    private Json() {}

    static String of(Surroundings surroundings, Effort effort, List<RowResult> results) {
        String where = surroundings.lines().stream().map(Json::text).collect(Collectors.joining(", "));
        String rows = results.stream().map(Json::row).collect(Collectors.joining(",\n    "));
        return "{\n  \"surroundings\": [%s],\n  \"rounds\": %d,\n  \"rows\": [\n    %s\n  ]\n}\n"
                .formatted(where, effort.rounds(), rows);
    }

    private static String row(RowResult result) {
        String ratio = result.ratio()
                .map(r -> "{\"median\": %s, \"min\": %s, \"max\": %s}".formatted(r.median(), r.min(), r.max()))
                .orElse("null");
        return "{\"operation\": %s, \"host\": %s, \"simulated\": %s, \"ratio\": %s, \"goal\": %s, \"met\": %s}"
                .formatted(
                        text(result.row().operation()),
                        side(result.host()),
                        side(result.simulated()),
                        ratio,
                        text(result.row().goal().toString()),
                        result.met().map(String::valueOf).orElse("null"));
    }

    private static String side(RowResult.Side side) {
        if (side.failure() != null) {
            return "{\"failure\": " + text(side.failure()) + "}";
        }
        Optional<Samples> samples = side.samples();
        if (samples.isEmpty()) {
            return "null";
        }
        return "{\"unit\": %s, \"median\": %s, \"rounds\": %s}"
                .formatted(
                        text(samples.get().unit().name()),
                        samples.get().median(),
                        samples.get().rounds().stream().map(Arrays::toString).toList());
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.chars().forEach(c -> {
            if (c < ' ') {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
