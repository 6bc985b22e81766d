// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two commands of the README look for a JDK by themselves, and say in one line what to install when there is none. */
class ScriptsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @TempDir
    private Path directory;

    @Test
    void onlyAnOldJdkIsOneLineThatSaysWhatToInstall() throws Exception {
        Path old = jdk("jdk-17", "17.0.12");

        for (String command : new String[] {"ubend", "mvnw"}) {
            Result result = run(command, "--version", old);
            assertThat(result.status).as(command).isEqualTo(1);
            assertThat(result.output.lines())
                    .as(command)
                    .singleElement()
                    .asString()
                    .contains("needs a JDK 25 or newer", "adoptium.net", "JAVA_HOME");
        }
    }

    @Test
    void aNewJdkBesideAnOldOneIsFound() throws Exception {
        Path old = jdk("jdk-17", "17.0.12");
        Path fresh = jdk("jdk-25", "25.0.3");

        Result result = run("mvnw", "--version", old);

        assertThat(result.output).contains(fresh + " was started");
    }

    /** Else what the JVM opens first would take the place of the stream, and a program would read the classes of Java. */
    @Test
    void aClosedStreamIsNoFileOfTheJvm() throws Exception {
        Path fresh = jdk("jdk-25", "25.0.3");
        Path streams = directory.resolve("streams");
        Files.writeString(
                fresh.resolve("bin/java"),
                "#!/bin/bash\nfor fd in 0 1 2; do [ /proc/$$/fd/$fd -ef /dev/null ] && echo $fd >>" + streams
                        + "; done\n");
        // Alone in a folder there is nothing to build and nothing to cache.
        Path command =
                Files.copy(ROOT.resolve("ubend"), directory.resolve("ubend"), StandardCopyOption.COPY_ATTRIBUTES);
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command + " -c true <&- >&- 2>&-");
        builder.environment().put("JAVA_HOME", fresh.toString());
        builder.environment().remove("HOME");

        builder.start().waitFor();

        assertThat(streams).hasContent("0\n1\n2\n");
    }

    /** Not a JDK, but what the scripts look at: who is started says so. */
    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve("jdks").resolve(name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path bin = Files.createDirectories(home.resolve("bin"));
        for (String program : new String[] {"java", "javac"}) {
            Path file = Files.writeString(bin.resolve(program), "#!/bin/sh\necho " + home + " was started\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return home;
    }

    /** What a command said on both streams, and its exit status. */
    private record Result(int status, String output) {}

    private Result run(String command, String argument, Path javaOnPath) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(ROOT.resolve(command).toString(), argument).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("JAVA_HOME") || name.startsWith("MAVEN_"));
        environment.put("PATH", javaOnPath.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("UBEND_JDKS", directory.resolve("jdks").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
