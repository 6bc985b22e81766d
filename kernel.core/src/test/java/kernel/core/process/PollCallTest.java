// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.PollEvents.POLLIN;
import static kernel.uapi.PollEvents.POLLNVAL;
import static kernel.uapi.PollEvents.POLLOUT;
import static kernel.uapi.Signal.SA_RESTART;
import static kernel.uapi.Signal.SIGUSR1;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.api.wait.WaitQueue;
import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Does poll tell what is there, and wake when something comes? */
final class PollCallTest {
    private static final long MILLISECOND = 1_000_000;

    private final Booted booted = Booted.withSeed(8);

    @AfterEach
    void close() {
        booted.close();
    }

    /** Readable once it has been written to. */
    private static final class Letterbox implements FileOperations {
        private final WaitQueue queue;
        private int letters;

        Letterbox(Booted booted) {
            queue = booted.kernel().waitQueue("letters");
        }

        @Override
        public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            letters--;
            return 1;
        }

        @Override
        public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            letters++;
            queue.wakeUp(context);
            return buffer.length();
        }

        @Override
        public int poll(ProcessContext context, OpenFile file, PollTable table) {
            table.wait(queue);
            return letters > 0 ? POLLIN | POLLOUT : POLLOUT;
        }
    }

    private static long poll(User user, long entries, int count, int timeoutMillis) {
        return user.call(SystemCallNumber.POLL, entries, count, timeoutMillis);
    }

    private static long entry(long fd, int events) {
        return (fd & 0xffff_ffffL) | ((long) events << 32);
    }

    private static int found(User user, long entries, int index) {
        return user.number(entries + index * 8L + 4) >>> 16;
    }

    @Test
    void pollTellsWhatIsThereAtOnce() {
        booted.file("/box", new Letterbox(booted)).run(user -> {
            long fd = user.open("/box", O_RDWR);
            long entries = user.words(entry(fd, POLLIN | POLLOUT), entry(-1, POLLIN), entry(77, POLLIN));
            assertThat(poll(user, entries, 3, -1)).isEqualTo(2);
            assertThat(found(user, entries, 0)).isEqualTo(POLLOUT);
            assertThat(found(user, entries, 1)).isZero();
            assertThat(found(user, entries, 2)).isEqualTo(POLLNVAL);
        });
    }

    @Test
    void pollWakesWhenSomethingComes() {
        booted.file("/one", new Letterbox(booted))
                .file("/two", new Letterbox(booted))
                .run(user -> {
                    long one = user.open("/one", O_RDWR);
                    long two = user.open("/two", O_RDWR);
                    user.fork(own -> {
                        own.sleep(5 * MILLISECOND);
                        return (int) own.write(two, "x") - 1;
                    });
                    long entries = user.words(entry(one, POLLIN), entry(two, POLLIN));
                    assertThat(poll(user, entries, 2, -1)).isEqualTo(1);
                    assertThat(found(user, entries, 1)).isEqualTo(POLLIN);
                });
        assertThat(booted.kernel().nowNanos()).isBetween(5 * MILLISECOND, 6 * MILLISECOND);
    }

    @Test
    void pollEndsWhenItsTimeIsOver() {
        booted.file("/box", new Letterbox(booted)).run(user -> {
            long entries = user.words(entry(user.open("/box", O_RDWR), POLLIN));
            assertThat(poll(user, entries, 1, 0)).isZero();
            assertThat(poll(user, entries, 1, 20)).isZero();
            assertThat(poll(user, 0, 0, 20)).isZero();
        });
        assertThat(booted.kernel().nowNanos()).isBetween(40 * MILLISECOND, 41 * MILLISECOND);
    }

    @Test
    void aSignalInterruptsAPollEvenWithRestart() {
        booted.file("/box", new Letterbox(booted)).run(user -> {
            user.handle(SIGUSR1, SA_RESTART, signal -> {});
            long parent = user.pid();
            user.fork(own -> {
                own.sleep(MILLISECOND);
                return (int) own.kill(parent, SIGUSR1);
            });
            long entries = user.words(entry(user.open("/box", O_RDWR), POLLIN));
            assertThat(poll(user, entries, 1, -1)).isEqualTo(-EINTR);
        });
    }

    @Test
    void badArgumentsAreRefused() {
        booted.run(user -> {
            assertThat(poll(user, 8, 1, 0)).isEqualTo(-EFAULT);
            assertThat(poll(user, user.words(0), 5000, 0)).isEqualTo(-EINVAL);
        });
    }
}
