// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A method that JMH runs in a JVM of its own, with the flags of this one. */
final class JmhMeasurement implements Measurement {
    private static final int ITERATION_SECONDS_MAX = 60;
    private static final String FAILURE = "<failure>";

    private final Class<?> benchmark;
    private final String method;
    private final List<String> parameter;
    private final PrintStream log;

    /** @param parameter none, or a name and a value */
    JmhMeasurement(PrintStream log, Class<?> benchmark, String method, String... parameter) {
        this.log = log;
        this.benchmark = benchmark;
        this.method = method;
        this.parameter = List.of(parameter);
    }

    @Override
    public Samples measure(Effort effort) throws MeasurementException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "." + method) + "$")
                .forks(1)
                .warmupIterations(effort.warmups())
                .warmupTime(TimeValue.milliseconds(effort.iterationMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .timeout(TimeValue.seconds(ITERATION_SECONDS_MAX))
                .shouldFailOnError(true);
        if (!parameter.isEmpty()) {
            options.param(parameter.get(0), parameter.get(1));
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream output = new PrintStream(said, false, StandardCharsets.UTF_8)) {
            OutputFormat format = OutputFormatFactory.createFormatInstance(output, VerboseMode.NORMAL);
            return samples(new Runner(options.build(), format).run());
        } catch (RunnerException e) {
            throw new MeasurementException(reason(said.toString(StandardCharsets.UTF_8)), e);
        } finally {
            log.println(said.toString(StandardCharsets.UTF_8));
        }
    }

    /** What the benchmark threw, from among the things that JMH says. */
    private static String reason(String said) {
        return said.lines()
                .dropWhile(line -> !line.endsWith(FAILURE))
                .skip(1)
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("failed, see the log");
    }

    private static Samples samples(Collection<RunResult> results) throws MeasurementException {
        List<Double> scores = new ArrayList<>();
        Unit unit = Unit.NANOSECONDS;
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            unit = params.getMode().shortLabel().equals("thrpt") ? Unit.PER_SECOND : Unit.NANOSECONDS;
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                fork.getIterationResults()
                        .forEach(iteration ->
                                scores.add(iteration.getPrimaryResult().getScore()));
            }
        }
        if (scores.isEmpty()) {
            throw new MeasurementException("no result, see the log");
        }
        return new Samples(
                unit, List.of(scores.stream().mapToDouble(Double::doubleValue).toArray()));
    }
}
