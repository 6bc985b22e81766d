// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import userland.bin.BinDirectory;
import userland.fake.Device;
import userland.fake.FakeKernel;
import userland.libc.Crt;

/** The shell with somebody at the terminal. */
class InteractiveShellTest {
    private final FakeKernel kernel = new FakeKernel();
    private final Keyboard keyboard = new Keyboard();

    /** A terminal that answers a line to each read, and notes what it is told. */
    private static final class Keyboard implements Device {
        private final Deque<String> lines = new ArrayDeque<>();
        private final List<String> prompts = new ArrayList<>();
        private final List<Integer> foreground = new ArrayList<>();

        @Override
        public int read(byte[] buffer, int count) {
            byte[] line = lines.isEmpty() ? new byte[0] : (lines.removeFirst() + "\n").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(line, 0, buffer, 0, line.length);
            return line.length;
        }

        @Override
        public int write(byte[] bytes, int count) {
            return count;
        }

        @Override
        public boolean isTerminal() {
            return true;
        }

        @Override
        public void prompt(String text) {
            prompts.add(text);
        }

        @Override
        public void foreground(int processGroup) {
            foreground.add(processGroup);
        }
    }

    @BeforeEach
    void files() {
        kernel.files().programs(BinDirectory.executables());
        kernel.files().device("/dev/stdin", 5, 0, keyboard);
        kernel.program("/bin/die-INT", new Crt(() -> (libc, _) -> {
            libc.processes().kill(libc.processes().getpid(), Signal.SIGINT);
            return 1;
        }));
    }

    @Test
    void eachLineIsAskedForWithAPrompt() {
        FakeKernel.Result result = type("echo one", "if true", "then echo two", "fi", "exit 3");
        assertThat(result.out()).isEqualTo("one\ntwo\n");
        assertThat(result.status()).isEqualTo(3);
        assertThat(keyboard.prompts).containsExactly("# ", "# ", "> ", "> ", "# ");
    }

    @Test
    void thePromptIsTheUsersChoice() {
        type("PS1='$ '", "PS2='... '", "echo 'a", "b'");
        assertThat(keyboard.prompts).containsExactly("# ", "$ ", "$ ", "... ", "$ ");
    }

    @Test
    void theEndOfTheInputEndsTheShellWithTheLastStatus() {
        FakeKernel.Result result = type("false");
        assertThat(result).isEqualTo(new FakeKernel.Result(1, "", "\n"));
    }

    @Test
    void mistakesDoNotEndTheShell() {
        FakeKernel.Result result =
                type("echo )", "echo $?", "echo ${x:?gone}", "echo $?", "cd /none", "break", "echo end");
        assertThat(result.out()).isEqualTo("2\n1\nend\n");
        assertThat(result.err())
                .isEqualTo(
                        "sh: syntax error near ')': line 1\nsh: x: gone\nsh: cd: /none: No such file or directory\n\n");
    }

    @Test
    void aCommandInTheForegroundHasTheTerminalAndAGroupOfItsOwn() {
        type("true | true");
        int shell = keyboard.foreground.getFirst();
        int job = shell + 1;
        assertThat(keyboard.foreground).startsWith(shell, job).endsWith(shell);
        assertThat(keyboard.foreground).containsOnly(shell, job);
        assertThat(kernel.calls("setpgid"))
                .contains("setpgid(0, " + job + ") = 0", "setpgid(" + job + ", " + job + ") = 0");
    }

    @Test
    void aJobInTheBackgroundIsAnnouncedAndReportedBeforeTheNextPrompt() {
        FakeKernel.Result result = type("sleep 5 | cat &", "echo next", "sh -c 'exit 2' &", "");
        int pid = keyboard.foreground.getFirst() + 2;
        assertThat(result.err())
                .isEqualTo("[1] " + pid + "\n[1]+  Done                    sleep 5 | cat\n" + "[1] " + (pid + 2)
                        + "\n[1]+  Exit 2                  sh -c 'exit 2'\n\n");
        assertThat(result.out()).isEqualTo("next\n");
    }

    @Test
    void jobsAreListedAndBroughtForward() {
        FakeKernel.Result result = type("sleep 1 & jobs; fg; bg; fg %1");
        assertThat(result.err()).contains("sh: bg: no current job\n", "sh: fg: %1: no such job\n");
        assertThat(result.out()).startsWith("[1]+  Done                    sleep 1\n");
    }

    @Test
    void anInterruptedCommandEndsTheLine() {
        FakeKernel.Result result = type("while true; do die-INT; echo never; done", "echo $?");
        assertThat(result.out()).isEqualTo("130\n");
        assertThat(result.err()).isEqualTo("\n\n");
    }

    @Test
    void theInterruptKeyAtThePromptDoesNotEndTheShell() {
        kernel.onCall(SystemCallNumber.READ, 1, Signal.SIGINT);
        assertThat(type("echo still here").out()).isEqualTo("still here\n");
    }

    @Test
    void aLoopOfBuiltinsCanBeInterrupted() {
        kernel.onCall(SystemCallNumber.SCHED_YIELD, 3, Signal.SIGINT);
        FakeKernel.Result result = type("while :; do :; done", "echo $?");
        assertThat(result.out()).isEqualTo("130\n");
    }

    @Test
    void waitingForJobsCanBeInterrupted() {
        kernel.onCall(SystemCallNumber.WAIT4, 1, Signal.SIGINT);
        FakeKernel.Result result = type("true & true & wait; echo never", "echo $?");
        assertThat(result.out()).isEqualTo("130\n");
    }

    @Test
    void readingALineCanBeInterrupted() {
        kernel.onCall(SystemCallNumber.READ, 2, Signal.SIGINT);
        FakeKernel.Result result = type("read x; echo never", "typed", "echo $?");
        assertThat(result.out()).isEqualTo("130\n");
    }

    private FakeKernel.Result type(String... lines) {
        keyboard.lines.addAll(Arrays.asList(lines));
        return kernel.run("/bin/sh");
    }
}
