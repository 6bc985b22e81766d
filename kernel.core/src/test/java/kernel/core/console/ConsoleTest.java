// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOTTY;
import static kernel.uapi.Errno.ESPIPE;
import static kernel.uapi.Errno.ESRCH;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.Signal.SIGINT;
import static kernel.uapi.Signal.SIGUSR1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.core.process.SpawnedProcess;
import kernel.uapi.PollEvents;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Does the terminal pass lines on, show what is written, and interrupt whom it should? */
final class ConsoleTest {
    private static final int TCGETS = 0x5401;
    private static final int TIOCGPGRP = 0x540f;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int SET_PROMPT = 0x5501;

    private final Booted booted = Booted.withSeed(11);
    private final Screen screen = new Screen();

    @AfterEach
    void close() {
        booted.close();
    }

    /** What a terminal was told. */
    private static final class Screen implements ConsolePort {
        private final StringBuilder shown = new StringBuilder();
        private final List<String> prompts = new ArrayList<>();

        @Override
        public void write(byte[] bytes) {
            shown.append(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void requestLine(String prompt) {
            prompts.add(prompt);
        }
    }

    private Console connected() {
        booted.kernel().console().connect(screen);
        return booted.kernel().console();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String readLine(User user) {
        long buffer = user.allocate(64);
        long count = user.read(0, buffer, 64);
        return count < 0 ? "error " + count : user.text(buffer, count);
    }

    @Test
    void withoutATerminalThereIsNoConsole() {
        booted.run(user -> assertThat(user.open("/dev/console", O_RDWR)).isEqualTo(-ENODEV));
    }

    @Test
    void aSpawnedProcessHasTheConsoleThreeTimes() {
        connected();
        booted.run(user -> {
            assertThat(user.write(1, "out\n")).isEqualTo(4);
            assertThat(user.write(2, "err\n")).isEqualTo(4);
            assertThat(user.open("/dev/null", O_RDWR)).isEqualTo(3);
            assertThat(user.call(SystemCallNumber.WRITE, 1, 8, 4)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.LSEEK, 1, 0, 0)).isEqualTo(-ESPIPE);
        });
        assertThat(screen.shown.toString()).isEqualTo("out\nerr\n");
    }

    @Test
    void aReaderSleepsUntilALineComes() {
        Console console = connected();
        List<String> read = new ArrayList<>();
        SpawnedProcess process = booted.start(user -> {
            user.call(SystemCallNumber.IOCTL, 0, SET_PROMPT, user.string("$ "));
            read.add(readLine(user));
            read.add(readLine(user));
            return 0;
        });
        booted.kernel().runUntilIdle();
        assertThat(screen.prompts).containsExactly("$ ");
        console.line(bytes("first"));
        booted.kernel().runUntilIdle();
        assertThat(read).containsExactly("first\n");
        assertThat(screen.prompts).containsExactly("$ ", "");
        console.line(bytes("second\n"));
        booted.kernel().runUntilIdle();
        assertThat(read).containsExactly("first\n", "second\n");
        assertThat(process.exitStatus()).isZero();
        assertThat(booted.kernel().procTable().text("interrupts")).contains("console");
    }

    @Test
    void aLongLineIsReadInPieces() {
        Console console = connected();
        console.line(bytes("0123456789"));
        booted.run(user -> {
            long buffer = user.allocate(64);
            assertThat(user.read(0, buffer, 4)).isEqualTo(4);
            assertThat(user.read(0, buffer, 0)).isZero();
            assertThat(user.read(0, 8, 4)).isEqualTo(-EFAULT);
            assertThat(user.read(0, buffer + 4, 60)).isEqualTo(7);
            assertThat(user.text(buffer, 11)).isEqualTo("0123456789\n");
        });
    }

    @Test
    void theEndOfInputIsReadOnceAsZero() {
        Console console = connected();
        console.endOfInput();
        console.line(bytes("more"));
        booted.run(user -> {
            assertThat(readLine(user)).isEmpty();
            assertThat(readLine(user)).isEqualTo("more\n");
        });
    }

    @Test
    void aNonBlockingReaderDoesNotWait() {
        connected();
        booted.run(user -> {
            long fd = user.open("/dev/console", O_RDWR | O_NONBLOCK);
            assertThat(user.read(fd, user.allocate(8), 8)).isEqualTo(-EAGAIN);
        });
    }

    @Test
    void theInterruptKeyEndsTheForegroundGroup() {
        Console console = connected();
        SpawnedProcess process = booted.start(user -> {
            readLine(user);
            return 0;
        });
        booted.kernel().runUntilIdle();
        console.interrupt();
        booted.kernel().runUntilIdle();
        assertThat(process.exitStatus()).isEqualTo(SIGINT);
    }

    @Test
    void theInterruptKeyIsForTheForegroundGroupAlone() {
        Console console = connected();
        List<Long> statuses = new ArrayList<>();
        booted.start(user -> {
            long front = user.fork(own -> {
                own.call(SystemCallNumber.SETPGID, 0, 0);
                return (int) own.call(SystemCallNumber.PAUSE);
            });
            user.call(SystemCallNumber.SETPGID, front, front);
            long group = user.allocate(4);
            user.processor().storeInt(group, (int) front);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, TIOCSPGRP, group)).isZero();
            user.processor().storeInt(group, 0);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, TIOCGPGRP, group)).isZero();
            assertThat(user.number(group)).isEqualTo((int) front);
            statuses.add(user.waitFor(front));
            return 0;
        });
        booted.kernel().runUntilIdle();
        booted.rethrow();
        console.interrupt();
        booted.kernel().runUntilIdle();
        booted.rethrow();
        assertThat(statuses).containsExactly((long) SIGINT);
    }

    @Test
    void aSignalInterruptsAReadAndTheTerminalIsNotAskedTwice() {
        Console console = connected();
        List<String> read = new ArrayList<>();
        SpawnedProcess process = booted.start(user -> {
            user.handle(SIGUSR1, 0, signal -> {});
            read.add(readLine(user));
            read.add(readLine(user));
            return 0;
        });
        booted.kernel().runUntilIdle();
        booted.run(user -> user.kill(process.pid(), SIGUSR1));
        booted.kernel().runUntilIdle();
        assertThat(read).containsExactly("error " + -EINTR);
        assertThat(screen.prompts).hasSize(1);
        console.line(bytes("x"));
        booted.kernel().runUntilIdle();
        assertThat(read).containsExactly("error " + -EINTR, "x\n");
    }

    @Test
    void itIsATerminalAndSaysHowLarge() {
        connected();
        booted.run(user -> {
            long structure = user.allocate(64);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, TCGETS, structure)).isZero();
            assertThat(user.call(SystemCallNumber.IOCTL, 0, TIOCGWINSZ, structure))
                    .isZero();
            assertThat(user.number(structure)).isEqualTo(24 | 80 << 16);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, 0x9999, 0)).isEqualTo(-ENOTTY);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, TIOCSPGRP, 8)).isEqualTo(-EFAULT);
            user.processor().storeInt(structure, 999);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, TIOCSPGRP, structure))
                    .isEqualTo(-ESRCH);
            assertThat(user.call(SystemCallNumber.IOCTL, 0, SET_PROMPT, 8)).isEqualTo(-EFAULT);
        });
    }

    @Test
    void pollAsksForALineAndWakesWhenItCame() {
        Console console = connected();
        List<Long> polled = new ArrayList<>();
        booted.start(user -> {
            long entry = user.words((long) PollEvents.POLLIN << 32);
            polled.add(user.call(SystemCallNumber.POLL, entry, 1, -1));
            return 0;
        });
        booted.kernel().runUntilIdle();
        assertThat(screen.prompts).hasSize(1);
        assertThat(polled).isEmpty();
        console.line(bytes("x"));
        booted.kernel().runUntilIdle();
        assertThat(polled).containsExactly(1L);
    }

    @Test
    void thereIsOneTerminal() {
        connected();
        assertThatThrownBy(this::connected).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLiveConsoleWorksFromAnotherThread() {
        try (Booted live = Booted.live()) {
            Console console = live.kernel().console();
            console.connect(new ConsolePort() {
                private int lines;

                @Override
                public void write(byte[] bytes) {
                    screen.write(bytes);
                }

                @Override
                public void requestLine(String prompt) {
                    if (lines++ < 100) {
                        console.line(bytes("line " + lines));
                    } else {
                        console.endOfInput();
                    }
                }
            });
            live.run(user -> {
                for (String line = readLine(user); !line.isEmpty(); line = readLine(user)) {
                    user.write(1, line);
                }
            });
            assertThat(screen.shown.toString().lines()).hasSize(100).endsWith("line 100");
        }
    }
}
