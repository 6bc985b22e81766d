// SPDX-License-Identifier: Apache-2.0
package integration.tests.nbd;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A machine in a process of its own, as its user starts it, whose solid state disk is exported at a socket of the host. Closing it switches it off. */
final class ExportedDisk implements AutoCloseable {
    private static final List<String> JVM = List.of(
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NANOS = 10_000_000;

    private final Path socket;
    private final Path log;
    private final Process machine;
    private final BufferedWriter keyboard;

    private ExportedDisk(Path socket, Path log, Process machine) {
        this.socket = socket;
        this.log = log;
        this.machine = machine;
        keyboard = machine.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Boots a machine with a disk and exports it.
     *
     * @param options of nbd-export
     */
    static ExportedDisk start(Path directory, String... options) throws IOException {
        ExportedDisk disk = boot(directory);
        disk.type("hotplug add ssd capacity=64M; modprobe ssd");
        disk.export(options);
        return disk;
    }

    private static ExportedDisk boot(Path directory) throws IOException {
        Path jar = launcher();
        Path log = directory.resolve("machine.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-jar", jar.toString()));
        Process machine = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ExportedDisk(directory.resolve("nbd.sock"), log, machine);
    }

    private static Path launcher() throws IOException {
        Path target = Path.of("").toAbsolutePath().resolveSibling("launcher").resolve("target");
        try (var files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("launcher-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no launcher in " + target));
        }
    }

    /** Exports the disk in the background and waits until clients can connect: the path is there a moment earlier. */
    void export(String... options) {
        long before = announcements();
        type("nbd-export " + String.join(" ", options) + " /dev/ssd0 " + socket + " &");
        await("the export is announced", () -> announcements() > before);
    }

    private long announcements() {
        return said().lines().filter(line -> line.startsWith("nbd+unix:")).count();
    }

    /** Types a line at the machine's prompt. */
    void type(String line) {
        try {
            keyboard.write(line + "\n");
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the machine has ended: " + said(), e);
        }
    }

    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0 || !machine.isAlive()) {
                throw new AssertionError("still waiting until " + what + "; the machine said:\n" + said());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    Path socket() {
        return socket;
    }

    String uri() {
        return "nbd+unix:///?socket=" + socket;
    }

    /** What the machine has printed so far. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the machine with a signal, as a terminal that is closed does. */
    @Override
    public void close() {
        machine.destroy();
        try {
            if (!machine.waitFor(30, TimeUnit.SECONDS)) {
                machine.destroyForcibly();
            }
        } catch (InterruptedException e) {
            machine.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
