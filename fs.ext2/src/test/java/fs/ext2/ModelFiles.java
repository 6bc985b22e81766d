// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import kernel.uapi.FileMode;

/** What must be in a file system: a tree of directories, files with their bytes, and links, by their paths. Files with several names share their content. */
final class ModelFiles {
    /** A regular file's bytes. */
    static final class Content {
        byte[] bytes = new byte[0];
        int names = 1;

        void write(long position, byte[] from) {
            int end = Math.toIntExact(position + from.length);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, end);
            }
            System.arraycopy(from, 0, bytes, (int) position, from.length);
        }
    }

    /** A directory is this. */
    static final Object DIRECTORY = new Object();

    /** By path: DIRECTORY, a Content, or a link's target. */
    private final Map<String, Object> entries = new TreeMap<>();

    Map<String, Object> entries() {
        return entries;
    }

    Object get(String path) {
        return path.isEmpty() ? DIRECTORY : entries.get(path);
    }

    boolean isEmptyDirectory(String path) {
        return entries.keySet().stream().noneMatch(other -> other.startsWith(path + "/"));
    }

    /** Moves a path and all below it. */
    void move(String from, String to) {
        Map<String, Object> moved = new TreeMap<>();
        entries.entrySet().removeIf(entry -> {
            boolean inside = entry.getKey().equals(from) || entry.getKey().startsWith(from + "/");
            if (inside) {
                moved.put(to + entry.getKey().substring(from.length()), entry.getValue());
            }
            return inside;
        });
        entries.putAll(moved);
    }

    List<String> paths(Object kind) {
        List<String> paths = new ArrayList<>();
        entries.forEach((path, value) -> {
            if (kind == DIRECTORY ? value == DIRECTORY : ((Class<?>) kind).isInstance(value) && value != DIRECTORY) {
                paths.add(path);
            }
        });
        return paths;
    }

    /** Compares it with what the file system says of itself. */
    void assertSame(ToyKernel kernel) {
        assertSame(kernel, "", new TreeSet<>());
    }

    private void assertSame(ToyKernel kernel, String directory, Set<String> seen) {
        TreeSet<String> names = new TreeSet<>();
        for (ToyKernel.Entry entry : kernel.list(directory)) {
            assertThat(names.add(entry.name())).as("twice: %s", entry).isTrue();
        }
        assertThat(names).contains(".", "..");
        names.removeAll(List.of(".", ".."));
        if (directory.isEmpty()) {
            names.remove("lost+found");
        }
        assertThat(names).as("names in /%s", directory).isEqualTo(children(directory));
        for (String name : names) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            assertThat(seen.add(path)).isTrue();
            int mode = kernel.attributes(path).mode;
            switch (entries.get(path)) {
                case Content content -> {
                    assertThat(FileMode.isRegular(mode)).as(path).isTrue();
                    assertThat(kernel.attributes(path).links).as(path).isEqualTo(content.names);
                    assertThat(Arrays.equals(kernel.read(path), content.bytes))
                            .as("content of %s", path)
                            .isTrue();
                }
                case String target -> assertThat(kernel.readLink(path)).isEqualTo(target);
                default -> {
                    assertThat(FileMode.isDirectory(mode)).as(path).isTrue();
                    assertSame(kernel, path, seen);
                }
            }
        }
    }

    private Set<String> children(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String path : entries.keySet()) {
            if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                names.add(path.substring(prefix.length()));
            }
        }
        return names;
    }

    /** Compares it with a directory of the host. */
    void assertSame(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            TreeSet<String> paths = new TreeSet<>();
            walk.forEach(path -> paths.add(root.relativize(path).toString()));
            paths.removeAll(List.of("", "lost+found"));
            assertThat(paths).isEqualTo(new TreeSet<>(entries.keySet()));
            for (Map.Entry<String, Object> entry : entries.entrySet()) {
                Path path = root.resolve(entry.getKey());
                switch (entry.getValue()) {
                    case Content content ->
                        assertThat(Arrays.equals(Files.readAllBytes(path), content.bytes))
                                .as("content of %s", path)
                                .isTrue();
                    case String target ->
                        assertThat(Files.readSymbolicLink(path).toString()).isEqualTo(target);
                    default ->
                        assertThat(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                                .isTrue();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the same on the host, below an empty directory. */
    void write(Path root) {
        try {
            for (Map.Entry<String, Object> entry : entries.entrySet()) {
                Path path = root.resolve(entry.getKey());
                switch (entry.getValue()) {
                    case Content content -> Files.write(path, content.bytes);
                    case String target -> Files.createSymbolicLink(path, Path.of(target));
                    default -> Files.createDirectory(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
