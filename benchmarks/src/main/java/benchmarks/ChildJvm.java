// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A program in a JVM of its own, with the flags of this one and some more, that prints figures as lines of a name and a number. It runs
 * once, whichever of its figures is asked for first.
 */
final class ChildJvm {
    private static final long SECONDS_MAX = 240;

    private final PrintStream log;
    private final Class<?> program;
    private final Function<Effort, List<String>> arguments;
    private final List<String> flags;
    private Map<String, List<Double>> figures;
    private MeasurementException failure;

    ChildJvm(PrintStream log, Class<?> program, Function<Effort, List<String>> arguments, String... flags) {
        this.log = log;
        this.program = program;
        this.arguments = arguments;
        this.flags = List.of(flags);
    }

    /** The figures of one name. */
    Measurement figure(String name, Unit unit) {
        return new Measurement() {
            @Override
            public boolean once() {
                return true;
            }

            @Override
            public Samples measure(Effort effort) throws MeasurementException {
                List<Double> values = figures(effort).getOrDefault(name, List.of());
                if (values.isEmpty()) {
                    throw new MeasurementException("no figure, see the log");
                }
                return new Samples(
                        unit,
                        List.of(values.stream().mapToDouble(Double::doubleValue).toArray()));
            }
        };
    }

    private Map<String, List<Double>> figures(Effort effort) throws MeasurementException {
        if (failure != null) {
            throw failure;
        }
        if (figures == null) {
            try {
                figures = run(effort);
            } catch (MeasurementException e) {
                failure = e;
                throw e;
            } catch (IOException e) {
                failure = new MeasurementException("failed, see the log", e);
                throw failure;
            }
        }
        return figures;
    }

    private Map<String, List<Double>> run(Effort effort) throws IOException, MeasurementException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments.apply(effort));
        log.println(String.join(" ", command));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread watchdog = Thread.ofVirtual().start(() -> endWhenOverdue(process));
        Map<String, List<Double>> read = new HashMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.println(line);
                note(line, read);
            }
        }
        watchdog.interrupt();
        int status = process.onExit().join().exitValue();
        if (status != 0) {
            throw new MeasurementException("ended with " + status + ", see the log");
        }
        return read;
    }

    private static void endWhenOverdue(Process process) {
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void note(String line, Map<String, List<Double>> figures) {
        String[] words = line.split(" ");
        if (words.length == 2 && words[1].matches("[0-9.]+(E[0-9]+)?")) {
            figures.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(Double.valueOf(words[1]));
        }
    }
}
