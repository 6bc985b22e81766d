// SPDX-License-Identifier: Apache-2.0
package benchmarks.host;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A small C program that forks on demand; forking a JVM through a downcall would leave the child with one thread of many. */
public final class HostProcesses {
    private static final long COMPILE_SECONDS_MAX = 60;
    private static final long EXIT_SECONDS_MAX = 5;

    private final Process forker;

    private HostProcesses(Process forker) {
        this.forker = forker;
    }

    /** The C compiler of the host, if it has one. */
    public static Optional<Path> compiler() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            for (String name : List.of("cc", "gcc", "clang")) {
                Path candidate = Path.of(folder, name);
                if (Files.isExecutable(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /** Compiles the program, without shared libraries where that works since it forks faster so, and starts it. */
    public static HostProcesses start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ubend-bench");
        Path source = folder.resolve("fork.c");
        Path program = folder.resolve("fork");
        try {
            try (InputStream text = HostProcesses.class.getResourceAsStream("fork.c")) {
                Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!compile(source, program, List.of("-O2", "-static")) && !compile(source, program, List.of("-O2"))) {
                throw new IOException("fork.c does not compile");
            }
            return new HostProcesses(new ProcessBuilder(program.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } finally {
            Files.deleteIfExists(source);
            Files.deleteIfExists(program);
            Files.deleteIfExists(folder);
        }
    }

    /** Creates that many processes, one after the other, each of which exits at once and is waited for. */
    public void createAndReap(int count) throws IOException {
        byte[] request = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(count)
                .array();
        forker.getOutputStream().write(request);
        forker.getOutputStream().flush();
        if (forker.getInputStream().read() != 0) {
            throw new IOException("the forking program gave up");
        }
    }

    /** Ends the program, for it reads the end of the file. */
    public void stop() throws IOException, InterruptedException {
        forker.getOutputStream().close();
        if (!forker.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            forker.destroyForcibly();
        }
    }

    private static boolean compile(Path source, Path program, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(
                compiler().orElseThrow(() -> new IOException("no C compiler")).toString());
        command.addAll(options);
        command.addAll(List.of("-o", program.toString(), source.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(COMPILE_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
