// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command {@code ./bench}. Run from the root of the project; forks inherit the flags of this JVM. */
public final class Bench {
    /** What JMH and the programs it starts have to say. */
    private static final Path LOG = Path.of("benchmarks", "target", "bench.log");

    private Bench() {}

    public static void main(String[] arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.println(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        Surroundings surroundings = Surroundings.ofThisMachine(System.getProperty("ubend.commit", "unknown"));
        List<RowResult> results;
        try (PrintStream log = new PrintStream(Files.newOutputStream(LOG), true, StandardCharsets.UTF_8)) {
            List<Row> rows = Rows.all(log).stream()
                    .filter(row -> options.only().matcher(row.operation()).find())
                    .toList();
            results = new Campaign(options.effort(), System.err).run(rows);
        }
        System.out.print(new Report(surroundings, options.effort(), results).markdown());
        if (options.json().isPresent()) {
            Files.writeString(options.json().get(), Json.of(surroundings, options.effort(), results));
        }
    }
}
