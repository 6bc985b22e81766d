// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The directory in which modprobe looks (Linux: /lib/modules). Reads it anew each time: modules are compiled while the kernel runs. */
final class ModuleCatalog {
    private final Path directory;

    /** @param directory of the host; null when there is none */
    ModuleCatalog(Path directory) {
        this.directory = directory;
    }

    /** Where it is, for messages. */
    String location() {
        return directory == null ? "(none)" : directory.toString();
    }

    /** The modules in the directory, in the order of their file names; what is none is left out. */
    List<ModuleFile> files() {
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        List<ModuleFile> files = new ArrayList<>();
        try (Stream<Path> jars = Files.list(directory)) {
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                try {
                    files.add(ModuleFile.read(jar));
                } catch (ModuleFormatException _) {
                    // Somebody's jar that lies there, too.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The module of that name or alias, or null. */
    ModuleFile find(String name) {
        return files().stream().filter(file -> file.answersTo(name)).findFirst().orElse(null);
    }
}
