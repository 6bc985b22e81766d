// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOTTY;
import static kernel.uapi.Errno.ESPIPE;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.FileDescription;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What do read, write and their kin answer, right and wrong? */
final class FileCallsTest {
    private final Booted booted = Booted.withSeed(1).file("/text", new Script("hello world"));

    @AfterEach
    void close() {
        booted.close();
    }

    /** A device that answers one thing to everything and counts who is inside. */
    private static final class Answer implements FileOperations, DeviceFile {
        private final long answer;
        private boolean gone;
        private int inside;

        Answer(long answer) {
            this.answer = answer;
        }

        @Override
        public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            return answer;
        }

        @Override
        public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            return answer;
        }

        @Override
        public boolean enter() {
            inside += gone ? 0 : 1;
            return !gone;
        }

        @Override
        public String driver() {
            return "answer";
        }

        @Override
        public void exit() {
            inside--;
        }

        @Override
        public void release(ProcessContext context, FileDescription file) {
            gone = true;
        }
    }

    @Test
    void readMovesThePositionByWhatItAnswers() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            long buffer = user.allocate(64);
            assertThat(user.read(fd, buffer, 6)).isEqualTo(6);
            assertThat(user.read(fd, buffer + 6, 64 - 6)).isEqualTo(5);
            assertThat(user.text(buffer, 11)).isEqualTo("hello world");
            assertThat(user.read(fd, buffer, 64)).isZero();
        });
    }

    @Test
    void aDescriptorThatIsNotOpenIsEbadf() {
        booted.run(user -> {
            assertThat(user.read(7, 0, 1)).isEqualTo(-EBADF);
            assertThat(user.read(-1, 0, 1)).isEqualTo(-EBADF);
            assertThat(user.write(7, "x")).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.CLOSE, 7)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.LSEEK, 7, 0, 0)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.IOCTL, 7, 0, 0)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.FSYNC, 7)).isEqualTo(-EBADF);
        });
    }

    @Test
    void theAccessModeIsObeyed() {
        booted.run(user -> {
            long buffer = user.allocate(8);
            long writeOnly = user.open("/text", O_WRONLY);
            assertThat(user.read(writeOnly, buffer, 1)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.PREAD64, writeOnly, buffer, 1, 0))
                    .isEqualTo(-EBADF);
            long readOnly = user.open("/text", O_RDONLY);
            assertThat(user.write(readOnly, "x")).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.WRITEV, readOnly, buffer, 0)).isEqualTo(-EBADF);
        });
    }

    @Test
    void badPointersAreEfaultBeforeAnythingHappens() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDWR);
            long buffer = user.allocate(8);
            assertThat(user.read(fd, 0xffff_8880_0000_0000L, 8)).isEqualTo(-EFAULT);
            assertThat(user.read(fd, buffer, -1)).isEqualTo(-EFAULT);
            assertThat(user.read(fd, 0x7fff_ffff_f000L - 4, 8)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.READV, fd, 8, 1)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, 1)).isZero();
        });
    }

    @Test
    void anOverlongCountIsCutToWhatLinuxMovesAtMost() {
        long[] seen = new long[1];
        booted.file("/count", new Script("") {
                    @Override
                    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
                        seen[0] = buffer.length();
                        return 0;
                    }
                })
                .run(user -> user.call(
                        SystemCallNumber.WRITE, user.open("/count", O_RDWR), user.allocate(8), 0x1_0000_0000L));
        assertThat(seen[0]).isEqualTo(0x7fff_f000L);
    }

    @Test
    void positionedCallsLeaveThePositionAlone() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            long buffer = user.allocate(8);
            assertThat(user.call(SystemCallNumber.PREAD64, fd, buffer, 5, 6)).isEqualTo(5);
            assertThat(user.text(buffer, 5)).isEqualTo("world");
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, 1)).isZero();
            assertThat(user.call(SystemCallNumber.PREAD64, fd, buffer, 5, -1)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void whereThereIsNoPositionPositionedCallsAreEspipe() {
        booted.file("/stream", new FileOperations() {}).run(user -> {
            long fd = user.open("/stream", O_RDWR);
            assertThat(user.call(SystemCallNumber.PREAD64, fd, user.allocate(8), 1, 0))
                    .isEqualTo(-ESPIPE);
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, 0)).isEqualTo(-ESPIPE);
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, 9)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void vectorsAreFilledInOrder() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            long first = user.allocate(8);
            long second = user.allocate(8);
            assertThat(user.call(SystemCallNumber.READV, fd, user.words(first, 5, 0, 0, second, 8), 3))
                    .isEqualTo(11);
            assertThat(user.text(first, 5)).isEqualTo("hello");
            assertThat(user.text(second, 6)).isEqualTo(" world");
            assertThat(user.call(SystemCallNumber.READV, fd, user.words(first, -1), 1))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.READV, fd, first, 1025)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void anUnknownIoctlIsEnotty() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, 0x1234, 0)).isEqualTo(-ENOTTY);
        });
    }

    @Test
    void anUnknownCallIsEnosys() {
        booted.run(user -> {
            assertThat(user.call(411)).isEqualTo(-kernel.uapi.Errno.ENOSYS);
            assertThat(user.call(-1)).isEqualTo(-kernel.uapi.Errno.ENOSYS);
            assertThat(user.call(100_000)).isEqualTo(-kernel.uapi.Errno.ENOSYS);
        });
    }

    @Test
    void aDeviceThatHasGoneIsEnodev() {
        Answer device = new Answer(1);
        booted.device("/dev/x", device, device).run(user -> {
            long fd = user.open("/dev/x", O_RDWR);
            long buffer = user.allocate(8);
            assertThat(user.read(fd, buffer, 8)).isEqualTo(1);
            device.gone = true;
            assertThat(user.read(fd, buffer, 8)).isEqualTo(-ENODEV);
            assertThat(user.write(fd, "x")).isEqualTo(-ENODEV);
            assertThat(user.call(SystemCallNumber.IOCTL, fd, 1, 1)).isEqualTo(-ENODEV);
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 0, 0)).isEqualTo(-ENODEV);
        });
        assertThat(device.inside).isZero();
    }

    @Test
    void aResultThatNoDriverMayGiveIsReportedAndBecomesEio() {
        booted.file("/more", new Answer(9)).file("/wild", new Answer(-5000)).run(user -> {
            long buffer = user.allocate(8);
            assertThat(user.read(user.open("/more", O_RDWR), buffer, 8)).isEqualTo(-EIO);
            assertThat(user.write(user.open("/wild", O_RDWR), "x")).isEqualTo(-EIO);
        });
        assertThat(booted.logLines())
                .contains("driver /more returned 9 from read: contract violation")
                .contains("driver /wild returned -5000 from write: contract violation");
        assertThat(booted.kernel().taint().text()).isEqualTo("Tainted: G        W");
    }

    @Test
    void descriptorsAreReleasedAtExit() {
        Answer device = new Answer(1);
        booted.device("/dev/x", device, device).run(user -> user.open("/dev/x", O_RDWR));
        assertThat(device.gone).isTrue();
        assertThat(booted.releasedPlaces()).isEqualTo(1);
    }
}
