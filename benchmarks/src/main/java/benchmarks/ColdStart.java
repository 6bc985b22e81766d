// SPDX-License-Identifier: Apache-2.0
package benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A whole process from its start to its end: the command that users type, with nothing to do. */
final class ColdStart implements Measurement {
    private static final Path COMMAND = Path.of("ubend");
    private static final int SECONDS_MAX = 20;
    /** With a build. */
    private static final int FIRST_SECONDS_MAX = 600;

    private final PrintStream log;

    ColdStart(PrintStream log) {
        this.log = log;
    }

    @Override
    public Optional<String> obstacle() {
        return Files.isExecutable(COMMAND) ? Optional.empty() : Optional.of("there is no ./ubend yet");
    }

    @Override
    public boolean once() {
        return true;
    }

    @Override
    public Samples measure(Effort effort) throws MeasurementException {
        // The first one may build, or fill a cache that the later ones live on; "built" is what the goal says.
        runNanos(FIRST_SECONDS_MAX);
        double[] nanos = new double[effort.coldStarts()];
        for (int run = 0; run < nanos.length; run++) {
            nanos[run] = runNanos(SECONDS_MAX);
        }
        return new Samples(Unit.NANOSECONDS, List.of(nanos));
    }

    private long runNanos(int secondsMax) throws MeasurementException {
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder("./" + COMMAND, "-c", "true")
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(secondsMax, TimeUnit.SECONDS);
            long nanos = System.nanoTime() - start;
            if (!ended) {
                process.destroyForcibly();
                throw new MeasurementException("did not end");
            }
            if (process.exitValue() != 0) {
                throw new MeasurementException("ended with " + process.exitValue());
            }
            log.println("ubend -c true: " + nanos + " ns");
            return nanos;
        } catch (IOException e) {
            throw new MeasurementException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted", e);
        }
    }
}
