// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The host's tools for ext2 (Debian: e2fsprogs), the judges. A test without them is skipped and says why. */
final class HostTool {
    /** What a tool said, on both of its outputs, and how it ended. */
    record Result(int status, String output) {}

    private HostTool() {}

    static void assumePresent() {
        for (String tool : List.of("mke2fs", "e2fsck", "debugfs", "dumpe2fs")) {
            assumeTrue(find(tool) != null, tool + " is missing: apt-get install e2fsprogs");
        }
    }

    private static Path find(String name) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    static Result run(String tool, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(find(tool).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("E2FSPROGS_FAKE_TIME", "1714564800");
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An image of its own making. The options are those of mke2fs, separated by blanks. */
    static Path makeFileSystem(Path image, String options, String size) {
        List<String> arguments = new ArrayList<>(List.of("-q", "-F", "-t", "ext2"));
        arguments.addAll(List.of(options.trim().split(" +")));
        arguments.addAll(List.of(image.toString(), size));
        Result result = run("mke2fs", arguments);
        assertThat(result.status()).as(result.output()).isZero();
        return image;
    }

    /** Looks at everything and changes nothing. */
    static void assertClean(Path image) {
        Result result = run("e2fsck", List.of("-f", "-n", image.toString()));
        assertThat(result.status()).as("e2fsck -fn: %s", result.output()).isZero();
    }

    /** Carries out commands that may write. */
    static String debugfs(Path image, String command) {
        return run("debugfs", List.of("-w", "-R", command, image.toString())).output();
    }
}
