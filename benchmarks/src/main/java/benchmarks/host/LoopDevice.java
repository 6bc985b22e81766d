// SPDX-License-Identifier: Apache-2.0
package benchmarks.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A block device of the host that costs next to no time: a loop device on a file in memory. Needs root, and losetup. */
public final class LoopDevice implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path file;
    private final String path;

    /** @param megabytes the size in units of 2^20 bytes */
    public LoopDevice(int megabytes) throws IOException {
        file = Files.createTempFile(MEMORY, "ubend-bench", ".img");
        boolean made = false;
        try {
            fill(megabytes);
            path = losetup("--find", "--show", file.toString());
            made = true;
        } finally {
            if (!made) {
                Files.delete(file);
            }
        }
    }

    /** Why there cannot be one here; empty when there can. */
    public static Optional<String> hindrance() {
        if (!Files.isWritable(Path.of("/dev/loop-control"))) {
            return Optional.of("the host has no loop devices for us (root has)");
        }
        return Files.isDirectory(MEMORY) ? Optional.empty() : Optional.of("the host has no " + MEMORY);
    }

    /** Its node. */
    public String path() {
        return path;
    }

    private void fill(int megabytes) throws IOException {
        byte[] megabyte = new byte[1 << 20];
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < megabytes; i++) {
                content.write(megabyte);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            losetup("--detach", path);
        } finally {
            Files.delete(file);
        }
    }

    private static String losetup(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "losetup";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("losetup: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
