// SPDX-License-Identifier: Apache-2.0
package launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that the launcher's jar lies in, with what is booted from it.
 *
 * @param folder absolute
 */
record Home(Path folder) {
    static Home find() {
        try {
            Path jar = Path.of(Home.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Home(jar.toAbsolutePath().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the launcher cannot tell where it lies", e);
        }
    }

    /** The bundles of the kernel and of its tools: always there. */
    List<Path> bundles() {
        return jars("bundles");
    }

    /** The bundles of an interactive session of the framework's own shell. */
    List<Path> extras() {
        return jars("extras");
    }

    /** Device models: what can be plugged in. */
    List<Path> devices() {
        return jars("devices");
    }

    /** Where modprobe looks. */
    Path modules() {
        return folder.resolve("modules");
    }

    /** In order of their names, so that each boot is the same. */
    private List<Path> jars(String name) {
        Path directory = folder.resolve(name);
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory + ": is the build complete?", e);
        }
    }
}
