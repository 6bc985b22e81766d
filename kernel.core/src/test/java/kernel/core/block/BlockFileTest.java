// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.ENOTTY;
import static kernel.uapi.Errno.ENXIO;
import static kernel.uapi.Errno.EOPNOTSUPP;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_DSYNC;
import static kernel.uapi.OpenFlags.O_EXCL;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import kernel.api.block.DiskLimits;
import kernel.core.fixture.User;
import kernel.uapi.BlockControl;
import kernel.uapi.Seek;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The node of a disk in the hands of programs. */
class BlockFileTest {
    private static final int SECTORS = 256;
    private static final long SIZE = SECTORS * 512L;

    private final DiskMachine machine = new DiskMachine();
    private final RamDisk driver = machine.newDisk(2, SECTORS);
    private BusDevice device;

    @AfterEach
    void close() {
        machine.close();
    }

    private void add(DiskLimits limits) {
        driver.writeCache = limits.writeCache();
        device = machine.add(driver, "ram0", 2, 4, limits);
        driver.log.clear();
    }

    private static long aligned(User user, long bytes) {
        return user.allocate(bytes + 4096) + 4095 & -4096;
    }

    private static long pread(User user, long fd, long buffer, long count, long position) {
        return user.call(SystemCallNumber.PREAD64, fd, buffer, count, position);
    }

    private static long pwrite(User user, long fd, long buffer, long count, long position) {
        return user.call(SystemCallNumber.PWRITE64, fd, buffer, count, position);
    }

    @Test
    void directReadsAndWritesMoveThePagesOfTheProgramItself() {
        add(BlockLab.limits());
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long buffer = aligned(user, 16384);
            user.processor().storeLong(buffer + 8192, 0x1122334455667788L);
            assertThat(pwrite(user, fd, buffer + 512, 12288, 1024)).isEqualTo(12288);
            assertThat(pread(user, fd, buffer, 512, 1024 + 7680)).isEqualTo(512);
            assertThat(user.word(buffer)).isEqualTo(0x1122334455667788L);
            assertThat(user.read(fd, buffer, 1024)).isEqualTo(1024);
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, Seek.SEEK_CUR)).isEqualTo(1024);
        });
        assertThat(driver.log).containsExactly("WRITE 2+24", "READ 17+1", "READ 0+2");
    }

    @Test
    void directTransfersMustBeAligned() {
        add(BlockLab.limits());
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long buffer = aligned(user, 4096);
            assertThat(pread(user, fd, buffer + 1, 512, 0)).isEqualTo(-EINVAL);
            assertThat(pread(user, fd, buffer, 511, 0)).isEqualTo(-EINVAL);
            assertThat(pwrite(user, fd, buffer, 512, 100)).isEqualTo(-EINVAL);
            assertThat(pread(user, fd, 4096, 512, 0)).isEqualTo(-EFAULT);
            assertThat(pread(user, fd, buffer, 0, 0)).isZero();
        });
        assertThat(driver.log).isEmpty();
    }

    @Test
    void theDeviceHasAnEnd() {
        add(BlockLab.limits());
        machine.run(user -> {
            long buffer = aligned(user, 4096);
            for (int flags : new int[] {O_RDWR, O_RDWR | O_DIRECT}) {
                long fd = user.open("/dev/ram0", flags);
                assertThat(pread(user, fd, buffer, 4096, SIZE - 512)).isEqualTo(512);
                assertThat(pread(user, fd, buffer, 4096, SIZE)).isZero();
                assertThat(pwrite(user, fd, buffer, 4096, SIZE - 1024)).isEqualTo(1024);
                assertThat(pwrite(user, fd, buffer, 512, SIZE)).isEqualTo(-ENOSPC);
                assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, Seek.SEEK_END))
                        .isEqualTo(SIZE);
                assertThat(user.call(SystemCallNumber.LSEEK, fd, 1, Seek.SEEK_END))
                        .isEqualTo(-EINVAL);
            }
        });
    }

    @Test
    void cachedAndDirectAccessSeeTheSame() {
        add(BlockLab.withWriteCache(false));
        machine.run(user -> {
            long cached = user.open("/dev/ram0", O_RDWR);
            long direct = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long buffer = aligned(user, 8192);
            assertThat(pwrite(user, cached, user.string("hello"), 5, 700)).isEqualTo(5);
            assertThat(pread(user, direct, buffer, 512, 512)).isEqualTo(512);
            assertThat(user.text(buffer + 188, 5)).isEqualTo("hello");
            user.processor().storeLong(buffer + 188, 0x3131313131313131L);
            assertThat(pwrite(user, direct, buffer, 512, 512)).isEqualTo(512);
            assertThat(pread(user, cached, buffer + 4096, 5, 700)).isEqualTo(5);
            assertThat(user.text(buffer + 4096, 5)).isEqualTo("11111");
        });
    }

    @Test
    void fsyncMakesDurableWhatWasWritten() {
        add(BlockLab.withWriteCache(false));
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR);
            assertThat(pwrite(user, fd, user.string("kept"), 4, 0)).isEqualTo(4);
            assertThat(driver.durable()[0]).isZero();
            assertThat(user.call(SystemCallNumber.FSYNC, fd)).isZero();
            assertThat(driver.durable()[0]).isEqualTo((byte) 'k');
            long durable = user.open("/dev/ram0", O_WRONLY | O_DSYNC);
            assertThat(pwrite(user, durable, user.string("also"), 4, 8192)).isEqualTo(4);
            assertThat(driver.durable()[8192]).isEqualTo((byte) 'a');
            long direct = user.open("/dev/ram0", O_RDWR | O_DSYNC | O_DIRECT);
            long buffer = aligned(user, 4096);
            user.processor().storeLong(buffer, 7);
            assertThat(pwrite(user, direct, buffer, 512, 16384)).isEqualTo(512);
            assertThat(driver.durable()[16384]).isEqualTo((byte) 7);
            assertThat(user.call(SystemCallNumber.FDATASYNC, direct)).isZero();
        });
    }

    @Test
    void whoeverClosesLastWritesWhatIsCached() {
        add(BlockLab.limits());
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR);
            assertThat(pwrite(user, fd, user.string("kept"), 4, 0)).isEqualTo(4);
            assertThat(user.call(SystemCallNumber.CLOSE, fd)).isZero();
            assertThat(driver.content()[0]).isEqualTo((byte) 'k');
        });
    }

    @Test
    void controlsHaveLinuxNumbersAndAnswers() {
        DiskLimits limits = new DiskLimits(512, 4096, 1 << 20, 128, 1, 1L << 20, 512, 0, false, false, false);
        add(limits);
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR);
            long answer = user.allocate(16);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKGETSIZE64, answer))
                    .isZero();
            assertThat(user.word(answer)).isEqualTo(SIZE);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKGETSIZE, answer))
                    .isZero();
            assertThat(user.word(answer)).isEqualTo(SECTORS);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKSSZGET, answer))
                    .isZero();
            assertThat(user.number(answer)).isEqualTo(512);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKPBSZGET, answer))
                    .isZero();
            assertThat(user.number(answer)).isEqualTo(4096);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKGETSIZE64, 0))
                    .isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, 0x9999, 0)).isEqualTo(-ENOTTY);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, 0x1234, 41))
                    .as("the driver's own")
                    .isEqualTo(42);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKROSET, user.words(1)))
                    .isZero();
            assertThat(user.open("/dev/ram0", O_RDWR)).isEqualTo(-EROFS);
            long buffer = aligned(user, 512);
            long other = user.open("/dev/ram0", O_RDONLY | O_DIRECT);
            assertThat(pread(user, other, buffer, 512, 0)).isEqualTo(512);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKROSET, user.words(0)))
                    .isZero();
            assertThat(user.call(SystemCallNumber.IOCTL, other, BlockControl.BLKDISCARD, user.words(0, 512)))
                    .isEqualTo(-EBADF);
        });
    }

    @Test
    void rangesAreDiscardedAndZeroed() {
        add(BlockLab.limits());
        driver.content()[0] = 1;
        driver.content()[4096] = 1;
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR);
            long buffer = aligned(user, 8192);
            assertThat(pread(user, fd, buffer, 8192, 0)).isEqualTo(8192);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKDISCARD, user.words(0, 4096)))
                    .isZero();
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKZEROOUT, user.words(4096, 512)))
                    .isZero();
            assertThat(pread(user, fd, buffer, 8192, 0)).isEqualTo(8192);
            assertThat(user.word(buffer)).isZero();
            assertThat(user.word(buffer + 4096)).isZero();
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKDISCARD, user.words(0, 100)))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKDISCARD, user.words(SIZE, 512)))
                    .isEqualTo(-EINVAL);
        });
        assertThat(driver.log).contains("DISCARD 0+8", "WRITE_ZEROES 8+1");
    }

    @Test
    void aDeviceWithoutDiscardSaysSo() {
        add(new DiskLimits(512, 512, 1 << 20, 128, 1, 0, 0, 0, false, false, false));
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKDISCARD, user.words(0, 512)))
                    .isEqualTo(-EOPNOTSUPP);
        });
    }

    @Test
    void whoWantsADiskForHimselfGetsItOnce() {
        add(BlockLab.limits());
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR | O_EXCL);
            assertThat(fd).isNotNegative();
            assertThat(user.open("/dev/ram0", O_RDWR | O_EXCL)).isEqualTo(-EBUSY);
            assertThat(user.open("/dev/ram0", O_RDWR)).isNotNegative();
            assertThat(machine.module().references()).isEqualTo(2);
        });
        assertThat(machine.module().references()).isZero();
    }

    @Test
    void aDiskThatHasGoneAnswersEnodev() {
        add(BlockLab.limits());
        driver.isLost = request -> request.sector() == 100;
        machine.booted.start(user -> {
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            long buffer = aligned(user, 4096);
            assertThat(pread(user, fd, buffer, 512, 100 * 512)).isEqualTo(-ENODEV);
            assertThat(pread(user, fd, buffer, 512, 0)).isEqualTo(-ENODEV);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, BlockControl.BLKGETSIZE64, buffer))
                    .isEqualTo(-ENODEV);
            assertThat(user.open("/dev/ram0", O_RDWR)).isNegative();
            return 0;
        });
        machine.booted.kernel().run(() -> driver.log.contains("READ 100+1"));
        machine.unbind(device, driver);
        machine.booted.kernel().runUntilIdle();
        machine.booted.rethrow();
        assertThat(machine.module().references()).isZero();
        assertThat(machine.booted.log()).contains("ram: 1 requests were in flight when the driver left; they failed");
        assertThat(machine.booted.kernel().sysTable().paths()).noneMatch(path -> path.startsWith("block/"));
    }

    @Test
    void attributesAreReadAndWritten() {
        add(BlockLab.withWriteCache(true));
        kernel.core.fs.SysTable sys = machine.booted.kernel().sysTable();
        assertThat(sys.text("block/ram0/queue/scheduler")).isEqualTo("mq-deadline fair [none]\n");
        assertThat(sys.text("block/ram0/size")).isEqualTo(SECTORS + "\n");
        machine.booted.kernel().call("echo", context -> {
            assertThat(sys.write(context, "block/ram0/queue/scheduler", "fair\n"))
                    .isZero();
            assertThat(sys.write(context, "block/ram0/queue/scheduler", "best\n"))
                    .isEqualTo(-EINVAL);
            assertThat(sys.write(context, "block/ram0/queue/nr_requests", "3\n"))
                    .isZero();
            assertThat(sys.write(context, "block/ram0/queue/max_sectors_kb", "4"))
                    .isZero();
            assertThat(sys.write(context, "block/ram0/queue/max_sectors_kb", "4000000"))
                    .isEqualTo(-EINVAL);
            assertThat(sys.write(context, "block/ram0/size", "4")).isEqualTo(-kernel.uapi.Errno.EACCES);
            return null;
        });
        assertThat(sys.text("block/ram0/queue/scheduler")).isEqualTo("mq-deadline [fair] none\n");
        assertThat(sys.text("block/ram0/queue/nr_requests")).isEqualTo("4\n");
        machine.run(user -> {
            long fd = user.open("/dev/ram0", O_RDWR | O_DIRECT);
            assertThat(pread(user, fd, aligned(user, 8192), 8192, 0)).isEqualTo(8192);
        });
        assertThat(driver.log).containsExactly("READ 0+8", "READ 8+8");
    }

    @Test
    void nobodyIsThere() {
        machine.run(user -> assertThat(user.open("/dev/ram0", O_RDWR)).isIn((long) -ENXIO, -2L));
    }
}
