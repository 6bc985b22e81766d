// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;
import userland.fake.FakeKernel;

class ProcessesTest {
    private final FakeKernel kernel = new FakeKernel();

    @Test
    void aChildHasACopyOfEverythingAndItsParentSeesNothingOfWhatItDoes() {
        kernel.environment("x", "parent");
        FakeKernel.Result result = kernel.main((libc, _) -> {
            long block = libc.heap().malloc(8);
            libc.processor().storeLong(block, 1);
            libc.environment();
            libc.stdout().print("buffered once\n");
            int pid = libc.processes().fork(child -> {
                assertThat(child.processor().loadLong(block)).isEqualTo(1);
                child.processor().storeLong(block, 2);
                child.heap().free(block);
                child.environment().set("x", "child");
                child.stdout()
                        .println("child "
                                + (child.processes().getppid()
                                        == libc.processes().getpid()));
                return 7;
            });
            WaitStatus status = libc.processes().waitFor(pid);
            assertThat(status.exited()).isTrue();
            assertThat(status.exitCode()).isEqualTo(7);
            assertThat(libc.processor().loadLong(block)).isEqualTo(1);
            libc.heap().free(block);
            libc.stdout().println(libc.environment().get("x"));
            return 0;
        });
        assertThat(result).isEqualTo(new FakeKernel.Result(0, "buffered once\nchild true\nparent\n", ""));
    }

    @Test
    void aChildFindsWhatItsParentHadReadAhead() {
        kernel.program("/prog", new Crt(() -> (libc, _) -> {
            libc.stdout().println("parent " + libc.stdin().readLine());
            libc.processes().fork(child -> {
                child.stdout().println("child " + child.stdin().readLine());
                return 0;
            });
            libc.stdout().println("parent " + libc.stdin().readLine());
            return 0;
        }));
        assertThat(kernel.runWithInput("a\nb\n", "/prog").out()).isEqualTo("parent a\nchild b\nparent b\n");
    }

    @Test
    void aForkThatFailsThrows() {
        kernel.inject(SystemCallNumber.FORK, -Errno.EAGAIN);
        kernel.main((libc, _) -> {
            assertThatThrownBy(() -> libc.processes().fork(_ -> 0))
                    .isInstanceOf(SystemCallException.WouldBlock.class)
                    .hasMessage("fork: Resource temporarily unavailable");
            return 0;
        });
    }

    @Test
    void anExceptionInAChildEndsTheChildAlone() {
        kernel.main((libc, _) -> {
            int pid = libc.processes().fork(child -> child.open("/none", OpenFlags.O_RDONLY));
            assertThat(libc.processes().waitFor(pid).exitCode()).isEqualTo(1);
            int crashed = libc.processes().fork(child -> child.processor().loadInt(8));
            WaitStatus status = libc.processes().waitFor(crashed);
            assertThat(status.signal()).isEqualTo(Signal.SIGSEGV);
            assertThat(status.shellStatus()).isEqualTo(139);
            return 0;
        });
    }

    @Test
    void waitingGoesOnAfterASignal() {
        kernel.main((libc, _) -> {
            int pid = libc.processes().fork(_ -> 5);
            kernel.inject(SystemCallNumber.WAIT4, -Errno.EINTR, -Errno.EINTR);
            assertThat(libc.processes().waitFor(pid)).isEqualTo(new WaitStatus(pid, 5 << 8));
            assertThatThrownBy(() -> libc.processes().waitFor(pid)).hasMessage("wait4: No child processes");
            return 0;
        });
    }

    @Test
    void execSearchesThePath() {
        kernel.files().write("/a/prog", "not executable");
        kernel.program("/b/prog", new Crt(() -> (libc, arguments) -> {
            libc.stdout()
                    .print(libc.programName() + " " + arguments[0] + " "
                            + libc.environment().get("PATH"));
            return 4;
        }));
        FakeKernel.Result result = kernel.main((libc, _) -> {
            libc.environment().set("PATH", "/none:/a:/b");
            libc.stdout().print("before;");
            libc.processes().execvp("prog", List.of("argv0", "1"), libc.environment());
            return 0;
        });
        assertThat(result).isEqualTo(new FakeKernel.Result(4, "before;argv0 1 /none:/a:/b", ""));
    }

    @Test
    void execOfNothingSaysWhy() {
        kernel.main((libc, _) -> {
            Environment environment = libc.environment();
            assertThatThrownBy(() -> libc.processes().execvp("nope", List.of("nope"), environment))
                    .isInstanceOf(SystemCallException.NoSuchFile.class)
                    .hasMessage("nope: No such file or directory");
            assertThatThrownBy(() -> libc.processes().execve("/", List.of("/"), environment))
                    .hasMessage("/: Permission denied");
            return 0;
        });
    }

    @Test
    void aHandlerRunsWhenTheSignalComes() {
        int[] seen = new int[1];
        kernel.main((libc, _) -> {
            libc.processes().handle(Signal.SIGUSR1, signal -> seen[0] = signal);
            libc.processes().kill(libc.processes().getpid(), Signal.SIGUSR1);
            return 0;
        });
        assertThat(seen[0]).isEqualTo(Signal.SIGUSR1);
    }

    @Test
    void sleepingTakesAsLongAsItShould() {
        kernel.main((libc, _) -> {
            libc.clock().sleep(1_500_000_000L);
            assertThat(libc.clock().monotonicNanos()).isEqualTo(1_500_000_000L);
            return 0;
        });
    }

    @Test
    void directoriesAreListedWhole() {
        for (int i = 0; i < 300; i++) {
            kernel.file("/d/a-file-with-a-long-name-" + i, "");
        }
        kernel.main((libc, _) -> {
            assertThat(libc.listDirectory("/d")).hasSize(302);
            assertThat(libc.listDirectory("/d").getLast().name()).isEqualTo("a-file-with-a-long-name-99");
            libc.chdir("/d");
            assertThat(libc.getcwd()).isEqualTo("/d");
            assertThat(libc.stat("a-file-with-a-long-name-1").isRegular()).isTrue();
            return 0;
        });
    }
}
