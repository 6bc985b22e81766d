// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.SystemCallNumber.CLOSE;
import static kernel.uapi.SystemCallNumber.EVENTFD2;
import static kernel.uapi.SystemCallNumber.IO_DESTROY;
import static kernel.uapi.SystemCallNumber.IO_GETEVENTS;
import static kernel.uapi.SystemCallNumber.IO_SETUP;
import static kernel.uapi.SystemCallNumber.IO_SUBMIT;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.fixture.User;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transfers that a program does not wait for. */
class AioTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FSYNC = 2;

    private final DiskMachine machine = new DiskMachine();
    private final RamDisk driver = machine.newDisk(2, 256);

    AioTest() {
        machine.add(driver, "ram0", 2, 8, BlockLab.limits());
        driver.log.clear();
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private static long setUp(User user, int events) {
        long number = user.words(0);
        assertThat(user.call(IO_SETUP, events, number)).isZero();
        return user.word(number);
    }

    private static long iocb(User user, int opcode, long fd, long data, long buffer, long bytes, long offset) {
        return user.words(data, 0, opcode | fd << 32, buffer, bytes, offset, 0, 0);
    }

    private static long aligned(User user, long bytes) {
        return user.allocate(bytes + 4096) + 4095 & -4096;
    }

    @Test
    void manyAreUnderWayAtOnce() {
        driver.latencyNanos = request -> 1_000_000;
        machine.run(user -> {
            long context = setUp(user, 8);
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long buffer = aligned(user, 8 * 4096);
            long[] iocbs = new long[8];
            for (int i = 0; i < 8; i++) {
                user.processor().storeLong(buffer + i * 4096L, i + 1);
                iocbs[i] = iocb(user, WRITE, fd, 100 + i, buffer + i * 4096L, 4096, i * 8192L);
            }
            assertThat(user.call(IO_SUBMIT, context, 8, user.words(iocbs))).isEqualTo(8);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(iocbs))).isEqualTo(-EAGAIN);
            long events = user.allocate(8 * 32);
            assertThat(user.call(IO_GETEVENTS, context, 0, 8, events, 0)).isZero();
            assertThat(user.call(IO_GETEVENTS, context, 8, 8, events, 0)).isEqualTo(8);
            long sum = 0;
            for (int i = 0; i < 8; i++) {
                sum += user.word(events + i * 32L);
                assertThat(user.word(events + i * 32L + 8)).isEqualTo(iocbs[(int) user.word(events + i * 32L) - 100]);
                assertThat(user.word(events + i * 32L + 16)).isEqualTo(4096);
            }
            assertThat(sum).isEqualTo(828);
            assertThat(user.call(IO_DESTROY, context)).isZero();
            assertThat(user.call(IO_DESTROY, context)).isEqualTo(-EINVAL);
        });
        assertThat(driver.mostInHand).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(driver.content()[i * 8192]).isEqualTo((byte) (i + 1));
        }
    }

    @Test
    void anEventfdTellsOfTheEnd() {
        machine.run(user -> {
            long context = setUp(user, 4);
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long event = user.call(EVENTFD2, 0, OpenFlags.O_NONBLOCK);
            long counter = user.allocate(8);
            assertThat(user.read(event, counter, 8)).isEqualTo(-EAGAIN);
            long iocb = iocb(user, READ, fd, 1, aligned(user, 4096), 4096, 0);
            user.processor().storeLong(iocb + 56, 1 | event << 32);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(iocb))).isEqualTo(1);
            assertThat(user.call(CLOSE, fd)).isZero();
            long poll = user.words(event | 1L << 32);
            assertThat(user.call(SystemCallNumber.POLL, poll, 1, -1)).isEqualTo(1);
            assertThat(user.read(event, counter, 8)).isEqualTo(8);
            assertThat(user.word(counter)).isEqualTo(1);
            assertThat(user.call(IO_GETEVENTS, context, 1, 4, user.allocate(128), 0))
                    .isEqualTo(1);
            assertThat(machine.module().references()).isZero();
        });
    }

    @Test
    void whatCannotBeginIsRefusedAndTheRestCounts() {
        machine.run(user -> {
            long context = setUp(user, 4);
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long buffer = aligned(user, 4096);
            long good = iocb(user, READ, fd, 1, buffer, 512, 0);
            long bad = iocb(user, READ, 77, 1, buffer, 512, 0);
            long odd = iocb(user, READ, fd, 1, buffer + 1, 512, 0);
            long strange = iocb(user, 99, fd, 1, buffer, 512, 0);
            assertThat(user.call(IO_SUBMIT, context, 2, user.words(good, bad))).isEqualTo(1);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(bad))).isEqualTo(-EBADF);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(odd))).isEqualTo(-EINVAL);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(strange))).isEqualTo(-EINVAL);
            assertThat(user.call(IO_SUBMIT, 5, 1, user.words(good))).isEqualTo(-EINVAL);
            assertThat(user.call(IO_GETEVENTS, context, 1, 4, user.allocate(128), 0))
                    .isEqualTo(1);
            assertThat(user.call(IO_SETUP, 0, user.words(0))).isEqualTo(-EINVAL);
            assertThat(user.call(IO_SETUP, 1, user.words(3))).isEqualTo(-EINVAL);
            assertThat(user.call(IO_SETUP, 1_000_000, user.words(0))).isEqualTo(-EAGAIN);
        });
    }

    @Test
    void flushesAndBufferedFilesWork() {
        machine.run(user -> {
            long context = setUp(user, 4);
            long fd = user.open("/dev/ram0", O_RDWR);
            long write = iocb(user, WRITE, fd, 1, user.string("hello"), 5, 3);
            long sync = iocb(user, FSYNC, fd, 2, 0, 0, 0);
            long events = user.allocate(128);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(write))).isEqualTo(1);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(sync))).isEqualTo(1);
            assertThat(user.call(IO_GETEVENTS, context, 2, 4, events, 0)).isEqualTo(2);
            assertThat(user.word(events + 16)).isEqualTo(5);
            assertThat(user.word(events + 32 + 16)).isZero();
        });
        assertThat(driver.content()[3]).isEqualTo((byte) 'h');
    }

    @Test
    void aProcessThatEndsWaitsForItsTransfers() {
        driver.latencyNanos = request -> 50_000_000;
        long before = machine.booted.kernel().pages().freePages();
        machine.run(user -> {
            long context = setUp(user, 4);
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long iocb = iocb(user, READ, fd, 1, aligned(user, 4096), 4096, 0);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(iocb))).isEqualTo(1);
        });
        assertThat(driver.inHand).isZero();
        machine.booted.kernel().runUntilIdle();
        assertThat(machine.booted.kernel().pages().freePages()).isEqualTo(before);
        assertThat(machine.module().references()).isZero();
    }

    @Test
    void waitingHasAnEnd() {
        driver.latencyNanos = request -> 50_000_000;
        machine.run(user -> {
            long context = setUp(user, 4);
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long iocb = iocb(user, READ, fd, 1, aligned(user, 4096), 4096, 0);
            assertThat(user.call(IO_SUBMIT, context, 1, user.words(iocb))).isEqualTo(1);
            long events = user.allocate(128);
            assertThat(user.call(IO_GETEVENTS, context, 1, 4, events, user.words(0, 1_000_000)))
                    .isZero();
            assertThat(user.call(IO_GETEVENTS, context, 1, 4, events, user.words(1, 0)))
                    .isEqualTo(1);
        });
    }

    @Test
    void aSemaphoreGivesOneAtATime() {
        machine.run(user -> {
            long event = user.call(EVENTFD2, 2, 1 | OpenFlags.O_NONBLOCK);
            long counter = user.allocate(8);
            assertThat(user.read(event, counter, 8)).isEqualTo(8);
            assertThat(user.word(counter)).isEqualTo(1);
            assertThat(user.read(event, counter, 8)).isEqualTo(8);
            assertThat(user.read(event, counter, 8)).isEqualTo(-EAGAIN);
            assertThat(user.read(event, counter, 7)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.WRITE, event, user.words(-1), 8))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.WRITE, event, user.words(5), 8))
                    .isEqualTo(8);
            assertThat(user.call(EVENTFD2, 0, 0x40)).isEqualTo(-EINVAL);
        });
    }
}
