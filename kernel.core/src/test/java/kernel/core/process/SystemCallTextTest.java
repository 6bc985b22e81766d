// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.OpenFlags.O_CREAT;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_TRUNC;
import static kernel.uapi.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.fixture.User;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Do calls in the trace read as strace prints them? */
final class SystemCallTextTest {
    private final Booted booted = Booted.withSeed(13)
            .file("/text", new Script("21.500\n"))
            .file("/bytes", new Script("\u0001\"7\\\t" + "x".repeat(40)));

    @AfterEach
    void close() {
        booted.close();
    }

    private String traced(int number, boolean exit, Consumer<User> body) {
        booted.traced().run(body);
        List<TraceRecord> events = booted.events(exit ? TraceEvent.SYS_EXIT : TraceEvent.SYS_ENTER).stream()
                .filter(event -> event.a() == number)
                .toList();
        return events.getLast().text();
    }

    @Test
    void stringsAreQuotedAndFlagsHaveNames() {
        assertThat(traced(SystemCallNumber.OPEN, false, user -> user.open("/text", O_RDONLY)))
                .isEqualTo("\"/text\", O_RDONLY");
        assertThat(traced(
                        SystemCallNumber.OPEN,
                        false,
                        user -> user.call(
                                SystemCallNumber.OPEN, user.string("/new"), O_WRONLY | O_CREAT | O_TRUNC, 0644)))
                .isEqualTo("\"/new\", O_WRONLY|O_CREAT|O_TRUNC, 0644");
        assertThat(traced(
                        SystemCallNumber.OPENAT,
                        false,
                        user -> user.call(SystemCallNumber.OPENAT, -100, user.string("/dev/tempsensor"), O_RDONLY, 0)))
                .isEqualTo("AT_FDCWD, \"/dev/tempsensor\", O_RDONLY");
    }

    @Test
    void whatWasReadIsShownAfterwards() {
        assertThat(traced(
                        SystemCallNumber.READ,
                        true,
                        user -> user.read(user.open("/text", O_RDONLY), user.allocate(4096), 4096)))
                .isEqualTo("0, \"21.500\\n\", 4096");
        assertThat(traced(
                        SystemCallNumber.READ,
                        true,
                        user -> user.read(user.open("/bytes", O_RDONLY), user.allocate(4096), 4096)))
                .isEqualTo("0, \"\\1\\\"7\\\\\\t" + "x".repeat(27) + "\"..., 4096");
        assertThat(traced(SystemCallNumber.READ, true, user -> user.read(9, user.allocate(8), 8)))
                .isEmpty();
    }

    @Test
    void whatIsWrittenIsShownAtOnce() {
        assertThat(traced(SystemCallNumber.WRITE, false, user -> user.write(1, "hello\n")))
                .isEqualTo("1, \"hello\\n\", 6");
        assertThat(traced(SystemCallNumber.WRITE, false, user -> user.call(SystemCallNumber.WRITE, 1, 8, 6)))
                .isEqualTo("1, 0x8, 6");
    }

    @Test
    void structuresAreTakenApart() {
        assertThat(traced(SystemCallNumber.NANOSLEEP, false, user -> user.sleep(5)))
                .isEqualTo("{tv_sec=0, tv_nsec=5}, NULL");
        assertThat(traced(SystemCallNumber.RT_SIGACTION, false, user -> user.action(Signal.SIGINT, 1, 0, 0)))
                .isEqualTo("SIGINT, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8");
        assertThat(traced(SystemCallNumber.WAIT4, true, user -> {
                    user.fork(own -> 3);
                    user.waitFor(-1);
                }))
                .isEqualTo("-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL");
        assertThat(traced(
                        SystemCallNumber.EXECVE,
                        false,
                        user -> user.call(
                                SystemCallNumber.EXECVE,
                                user.string("/bin/ls"),
                                user.strings("ls", "-l"),
                                user.strings("A=b"))))
                .matches("\"/bin/ls\", \\[\"ls\", \"-l\"], 0x\\w+ /\\* 1 var \\*/");
        assertThat(traced(
                        SystemCallNumber.POLL,
                        true,
                        user -> user.call(SystemCallNumber.POLL, user.words(77 | 1L << 32), 1, 0)))
                .isEqualTo("[{fd=77, events=POLLIN, revents=POLLNVAL}], 1, 0");
        assertThat(traced(
                        SystemCallNumber.MMAP,
                        false,
                        user -> user.call(SystemCallNumber.MMAP, 0, 4096, 3, 0x22, -1, 0)))
                .isEqualTo("NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0");
        assertThat(traced(SystemCallNumber.MSYNC, false, user -> user.call(SystemCallNumber.MSYNC, 0x1000, 4096, 6)))
                .isEqualTo("0x1000, 4096, MS_INVALIDATE|MS_SYNC");
        assertThat(traced(
                        SystemCallNumber.MADVISE, false, user -> user.call(SystemCallNumber.MADVISE, 0x1000, 4096, 4)))
                .isEqualTo("0x1000, 4096, MADV_DONTNEED");
        assertThat(traced(SystemCallNumber.LSEEK, false, user -> user.call(SystemCallNumber.LSEEK, 3, -1, 1)))
                .isEqualTo("3, -1, SEEK_CUR");
        assertThat(traced(SystemCallNumber.KILL, false, user -> user.kill(1, 0)))
                .isEqualTo("1, 0");
        assertThat(traced(
                        SystemCallNumber.CLOCK_GETTIME,
                        true,
                        user -> user.call(SystemCallNumber.CLOCK_GETTIME, 0, user.allocate(16))))
                .matches("0, \\{tv_sec=1767225600, tv_nsec=\\d+}");
    }

    @Test
    void aCallThatIsNotKnownShowsItsRegisters() {
        assertThat(traced(400, false, user -> user.call(400, 1, 2))).isEqualTo("0x1, 0x2, 0, 0, 0, 0");
    }

    @Test
    void lookingChangesNothing() {
        booted.traced().run(user -> {
            long untouched = user.call(SystemCallNumber.MMAP, 0, 4096, 3, 0x22, -1, 0);
            long before = booted.kernel().pages().freePages();
            user.call(SystemCallNumber.UNLINK, untouched);
            assertThat(booted.kernel().pages().freePages()).isEqualTo(before);
        });
    }
}
