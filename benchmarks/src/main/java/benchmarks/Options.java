// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The command line.
 *
 * @param only rows whose operation it is found in
 * @param json where the figures go besides
 */
record Options(Effort effort, Pattern only, Optional<Path> json) {
    static final String USAGE = """
            usage: ./bench [--quick] [--only REGEX] [--json FILE]
                   ./bench --jmh ARGUMENTS...

              --quick       one to two minutes instead of about eight: one round, rougher figures
              --only REGEX  the operations in whose name it is found, whatever the case
              --json FILE   writes every figure there as well
              --jmh         hands the rest to JMH: -l lists the benchmarks, -prof help the profilers

            Host kernel and simulated kernel side by side; a table in Markdown on standard output.""";

    /** @throws IllegalArgumentException with a message for the user */
    static Options parse(String... arguments) {
        Effort effort = Effort.full();
        Pattern only = Pattern.compile("");
        Optional<Path> json = Optional.empty();
        List<String> rest = List.of(arguments);
        while (!rest.isEmpty()) {
            int used = 2;
            switch (rest.getFirst()) {
                case "--quick" -> {
                    effort = Effort.quick();
                    used = 1;
                }
                case "--only" -> only = pattern(value(rest));
                case "--json" -> json = Optional.of(Path.of(value(rest)));
                default -> throw new IllegalArgumentException("unknown option " + rest.getFirst());
            }
            rest = rest.subList(used, rest.size());
        }
        return new Options(effort, only, json);
    }

    private static String value(List<String> rest) {
        if (rest.size() < 2) {
            throw new IllegalArgumentException(rest.getFirst() + " needs a value");
        }
        return rest.get(1);
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--only: " + e.getMessage(), e);
        }
    }
}
