// SPDX-License-Identifier: Apache-2.0
package launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user may type behind {@code ./ubend}. */
class CommandLineTest {
    @Test
    void withoutAnythingThereIsAPrompt() throws UsageException {
        CommandLine line = CommandLine.parse();
        assertThat(line.shellArguments()).isEmpty();
        assertThat(line.parameters()).isEmpty();
        assertThat(line.answer()).isNull();
    }

    @Test
    void commandsGoToTheShellWithAllThatFollows() throws UsageException {
        assertThat(CommandLine.parse("-c", "echo $1", "name", "--gosh", "cpus=3")
                        .shellArguments())
                .containsExactly("-c", "echo $1", "name", "--gosh", "cpus=3");
    }

    @Test
    void optionsAndParametersMayFollowTheCommands() throws UsageException {
        CommandLine line = CommandLine.parse("-c", "true", "--seed", "7", "panic_on_oops=1", "--hash");
        assertThat(line.shellArguments()).containsExactly("-c", "true");
        assertThat(line.parameters()).containsExactly("seed=7", "panic_on_oops=1");
        assertThat(line.hash()).isTrue();
        assertThat(CommandLine.parse("-c", "echo $0 $1", "--", "--hash", "x").shellArguments())
                .containsExactly("-c", "echo $0 $1", "--hash", "x");
        assertThatThrownBy(() -> CommandLine.parse("-c", "true", "-c", "false"))
                .isInstanceOf(UsageException.class)
                .hasMessage("option '-c' is given twice");
    }

    @Test
    void optionsAreParametersOfTheKernelInShort() throws UsageException {
        CommandLine line = CommandLine.parse("--cpus", "4", "--seed=7", "panic_on_oops=1", "--hash", "-c", "true");
        assertThat(line.parameters()).containsExactly("cpus=4", "seed=7", "panic_on_oops=1");
        assertThat(line.hash()).isTrue();
        assertThat(CommandLine.parse("--deterministic").parameters()).containsExactly("deterministic");
    }

    @Test
    void bundlesAreFilesOfTheHost() throws UsageException {
        assertThat(CommandLine.parse("--bundle", "/tmp/a.jar", "-c", "true", "--bundle=b.jar")
                        .bundles())
                .containsExactly(Path.of("/tmp/a.jar"), Path.of("b.jar").toAbsolutePath());
        assertThat(CommandLine.parse().bundles()).isEmpty();
    }

    @Test
    void aScriptIsAFileOfTheHost(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(directory.resolve("demo.sh"), "echo hello\n");
        assertThat(CommandLine.parse(script.toString(), "one", "two").shellArguments())
                .containsExactly("-c", "echo hello\n", script.toString(), "one", "two");
    }

    @Test
    void helpIsAnAnswerAndBootsNothing() throws UsageException {
        assertThat(CommandLine.parse("--help").answer())
                .startsWith("Usage: ubend [OPTION]")
                .contains("--seed N", "module_timeout=N");
        assertThat(CommandLine.parse("-V").answer()).startsWith("U-Bend ");
    }

    @ParameterizedTest
    @CsvSource({
        "--nonsense, unrecognized option '--nonsense'",
        "-x, unrecognized option '-x'",
        "--bundle, option '--bundle' requires an argument",
        "-c, option '-c' requires an argument",
        "--hash=1, option '--hash' takes no argument",
        "cpu=3, unknown kernel parameter 'cpu'; did you mean 'cpus'?",
        "cpus=0, cpus=0",
        "/nowhere/script, cannot read /nowhere/script: No such file or directory"
    })
    void whatMakesNoSenseIsSaid(String argument, String message) {
        assertThatThrownBy(() -> CommandLine.parse(argument))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theTraceFileIsOneOfTheHost(@TempDir Path directory) throws UsageException, IOException {
        Path file = directory.resolve("trace.txt");
        assertThat(CommandLine.parse("--trace", file.toString()).traceFile()).isEqualTo(file);
    }
}
