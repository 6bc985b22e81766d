// SPDX-License-Identifier: Apache-2.0
package integration.tests.nbd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of the host, run to its end. */
final class HostProgram {
    private static final long PATIENCE_SECONDS = 120;

    /** How it ended, and what it said on both streams. */
    record Result(int status, String output) {}

    private HostProgram() {}

    /** Skips the test where a program is missing, and says what brings it. */
    static void require(String program, String debianPackage) {
        Assumptions.assumeTrue(
                exists(program), program + " is missing: apt-get install " + debianPackage + " brings it on Debian");
    }

    static boolean exists(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/sbin", "/usr/sbin"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Runs it; whatever it is, it has ended when this returns. */
    static Result run(String... command) {
        return run(List.of(command));
    }

    static Result run(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().merge("PATH", ":/sbin:/usr/sbin", String::concat);
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command + " does not end; so far it said: " + output.join());
            }
            return new Result(process.exitValue(), output.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Runs it, and answers what it said; that it fails fails the test. */
    static String succeed(String... command) {
        Result result = run(command);
        if (result.status != 0) {
            throw new AssertionError(List.of(command) + " ended with " + result.status + ": " + result.output);
        }
        return result.output;
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
