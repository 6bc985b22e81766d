// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.E2BIG;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.OpenFlags.O_CLOEXEC;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.Signal.SIGINT;
import static kernel.uapi.Signal.SIGUSR1;
import static kernel.uapi.Signal.SIGUSR2;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What does a new program find, and what is left of the old one? */
final class ExecTest {
    private final Booted booted = Booted.withSeed(5).file("/text", new Script("hello world"));
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        booted.close();
    }

    private static long exec(User user, String path, String[] arguments, String... environment) {
        return user.call(
                SystemCallNumber.EXECVE, user.string(path), user.strings(arguments), user.strings(environment));
    }

    private void look(UserProcessor processor, long stackPointer) {
        User user = new User(processor);
        long count = user.word(stackPointer);
        long slot = stackPointer + 8;
        for (int i = 0; i < count; i++, slot += 8) {
            seen.add("arg " + user.string(user.word(slot)));
        }
        assertThat(user.word(slot)).isZero();
        for (slot += 8; user.word(slot) != 0; slot += 8) {
            seen.add("env " + user.string(user.word(slot)));
        }
        seen.add("aligned " + (stackPointer % 16 == 0));
    }

    @Test
    void argumentsAndEnvironmentAreOnTheInitialStack() {
        booted.program("/bin/look", this::look).status(user ->
                (int) exec(user, "/bin/look", new String[] {"look", "-l", "caf\u00e9", ""}, "A=1", "B="));
        assertThat(seen)
                .containsExactly("arg look", "arg -l", "arg caf\u00e9", "arg ", "env A=1", "env B=", "aligned true");
    }

    @Test
    void nullArgumentsAreNone() {
        booted.program("/bin/look", this::look)
                .status(user -> (int) user.call(SystemCallNumber.EXECVE, user.string("/bin/look"), 0, 0));
        assertThat(seen).containsExactly("aligned true");
    }

    @Test
    void theNewProgramHasTheProcessAndNothingOfTheOldMemory() {
        long[] pids = new long[2];
        booted.program("/bin/next", (processor, sp) -> {
                    User user = new User(processor);
                    pids[1] = user.pid();
                    seen.add("heap " + user.word(user.allocate(64)));
                    seen.add(booted.kernel().procTable().processes().text(1, "comm"));
                    seen.add(booted.kernel().procTable().processes().text(1, "cmdline"));
                })
                .status(user -> {
                    pids[0] = user.pid();
                    user.words(1, 2, 3);
                    return (int) exec(user, "/bin/next", new String[] {"next", "x"});
                });
        assertThat(pids[1]).isEqualTo(pids[0]);
        assertThat(seen).containsExactly("heap 0", "next\n", "next\0x\0");
    }

    @Test
    void theOldProgramsFinallyBlocksRunAndReachNothing() {
        booted.program("/bin/next", (processor, sp) -> seen.add("next"));
        int status = booted.status(user -> {
            long address = user.words(1);
            try {
                exec(user, "/bin/next", new String[] {"next"});
            } finally {
                seen.add("finally");
                user.processor().storeLong(address, 2);
                seen.add("not here");
            }
            return 1;
        });
        assertThat(status).isZero();
        assertThat(seen).containsExactly("finally", "next");
    }

    @Test
    void descriptorsStayOpenUnlessMarked() {
        booted.program("/bin/next", (processor, sp) -> {
                    User user = new User(processor);
                    long buffer = user.allocate(16);
                    seen.add(user.read(0, buffer, 16) + " " + user.read(1, buffer, 16));
                })
                .status(user -> {
                    user.open("/text", O_RDONLY);
                    user.open("/text", O_RDONLY | O_CLOEXEC);
                    return (int) exec(user, "/bin/next", new String[] {"next"});
                });
        assertThat(seen).containsExactly("11 " + -EBADF);
    }

    @Test
    void handlersAreGoneIgnoredSignalsAndMaskStay() {
        booted.program("/bin/next", (processor, sp) -> {
                    User user = new User(processor);
                    long old = user.allocate(32);
                    user.call(SystemCallNumber.RT_SIGACTION, SIGINT, 0, old, 8);
                    seen.add("INT " + user.word(old));
                    user.call(SystemCallNumber.RT_SIGACTION, SIGUSR1, 0, old, 8);
                    seen.add("USR1 " + user.word(old));
                    user.call(SystemCallNumber.RT_SIGPROCMASK, 0, 0, old, 8);
                    seen.add("mask " + (user.word(old) == Signals.bit(SIGUSR2)));
                })
                .status(user -> {
                    user.handle(SIGINT, 0, signal -> {});
                    user.action(SIGUSR1, 1, 0, 0);
                    user.call(SystemCallNumber.RT_SIGPROCMASK, 0, user.words(Signals.bit(SIGUSR2)), 0, 8);
                    return (int) exec(user, "/bin/next", new String[] {"next"});
                });
        assertThat(seen).containsExactly("INT 0", "USR1 1", "mask true");
    }

    @Test
    void whatCannotBeExecutedSaysWhyAndTheOldProgramGoesOn() {
        booted.program("/bin/next", (processor, sp) -> {}).run(user -> {
            assertThat(exec(user, "/bin/none", new String[] {"x"})).isEqualTo(-ENOENT);
            assertThat(exec(user, "", new String[] {"x"})).isEqualTo(-ENOENT);
            assertThat(user.call(SystemCallNumber.EXECVE, 8, 0, 0)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.EXECVE, user.string("/bin/next"), 8, 0))
                    .isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.EXECVE, user.string("/bin/next"), user.words(8, 0), 0))
                    .isEqualTo(-EFAULT);
            assertThat(exec(user, "/bin/next", new String[] {"x".repeat(100_000), "y".repeat(40_000)}))
                    .isEqualTo(-E2BIG);
        });
    }

    @Test
    void longArgumentListsArrive() {
        String[] many = new String[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = "argument number " + i;
        }
        booted.program("/bin/look", this::look).status(user -> (int) exec(user, "/bin/look", many));
        assertThat(seen).hasSize(501).contains("arg argument number 499");
    }

    @Test
    void oneProgramAfterTheOtherLeavesNoPages() {
        long before = booted.kernel().pages().freePages();
        booted.program("/bin/count", (processor, stackPointer) -> {
            User user = new User(processor);
            int left = Integer.parseInt(user.string(user.word(stackPointer + 16)));
            user.allocate(10_000);
            if (left > 0) {
                exec(user, "/bin/count", new String[] {"count", Integer.toString(left - 1)});
            }
        });
        booted.status(user -> (int) exec(user, "/bin/count", new String[] {"count", "100"}));
        assertThat(booted.kernel().pages().freePages()).isEqualTo(before);
    }
}
