// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The house on disk: its modules as the root pom lists them, their sources, class files and jars. */
final class House {
    /** Modules that are not bundles: nothing else can depend on them. */
    static final List<String> NOT_BUNDLES = List.of("integration.tests", "benchmarks");

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    private House() {}

    /** The folder of the root pom, above wherever the tests were started. */
    static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("cnf/build.bnd"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside the house: " + Path.of("").toAbsolutePath());
    }

    static List<String> modules() {
        return MODULE.matcher(pom()).results().map(match -> match.group(1)).toList();
    }

    static List<String> bundles() {
        return modules().stream()
                .filter(module -> !NOT_BUNDLES.contains(module))
                .toList();
    }

    /** Where Maven compiles the module to; need not exist while a module is empty. */
    static Path classes(String module) {
        return root().resolve(module).resolve("target/classes");
    }

    static Path testClasses(String module) {
        return root().resolve(module).resolve("target/test-classes");
    }

    /** The module's jar as this build made it. */
    static Path jar(String module) {
        return root().resolve(module).resolve("target").resolve(module + "-" + version() + ".jar");
    }

    /** The module's Java files, main and test. */
    static List<Path> sources(String module) {
        return files(root().resolve(module).resolve("src"), ".java");
    }

    /** All files under the folder whose name ends so, sorted; none when there is no such folder. */
    static List<Path> files(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version() {
        return VERSION.matcher(pom())
                .results()
                .findFirst()
                .map((MatchResult match) -> match.group(1))
                .orElseThrow();
    }

    private static String pom() {
        try {
            return Files.readString(root().resolve("pom.xml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
