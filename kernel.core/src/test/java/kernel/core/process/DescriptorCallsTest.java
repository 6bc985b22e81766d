// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EMFILE;
import static kernel.uapi.OpenFlags.F_DUPFD;
import static kernel.uapi.OpenFlags.F_DUPFD_CLOEXEC;
import static kernel.uapi.OpenFlags.F_GETFD;
import static kernel.uapi.OpenFlags.F_GETFL;
import static kernel.uapi.OpenFlags.F_SETFD;
import static kernel.uapi.OpenFlags.F_SETFL;
import static kernel.uapi.OpenFlags.O_APPEND;
import static kernel.uapi.OpenFlags.O_CLOEXEC;
import static kernel.uapi.OpenFlags.O_LARGEFILE;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.fixture.Booted;
import kernel.core.fixture.Script;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to descriptors that are copied, moved and changed? */
final class DescriptorCallsTest {
    private final Booted booted = Booted.withSeed(2).file("/text", new Script("hello world"));

    @AfterEach
    void close() {
        booted.close();
    }

    private static long control(User user, long fd, int command, long argument) {
        return user.call(SystemCallNumber.FCNTL, fd, command, argument);
    }

    @Test
    void duplicatesShareThePosition() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            long copy = user.call(SystemCallNumber.DUP, fd);
            assertThat(copy).isEqualTo(fd + 1);
            long buffer = user.allocate(16);
            user.read(fd, buffer, 6);
            assertThat(user.read(copy, buffer, 16)).isEqualTo(5);
            assertThat(user.call(SystemCallNumber.DUP, 99)).isEqualTo(-EBADF);
        });
    }

    @Test
    void theLowestFreeDescriptorIsTaken() {
        booted.run(user -> {
            for (int i = 0; i < 4; i++) {
                assertThat(user.open("/text", O_RDONLY)).isEqualTo(i);
            }
            user.call(SystemCallNumber.CLOSE, 1);
            assertThat(user.call(SystemCallNumber.DUP, 0)).isEqualTo(1);
            assertThat(user.call(SystemCallNumber.CLOSE, 1)).isZero();
            assertThat(control(user, 0, F_DUPFD, 10)).isEqualTo(10);
            assertThat(control(user, 0, F_DUPFD, 10)).isEqualTo(11);
            assertThat(control(user, 0, F_DUPFD, -1)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void dup2ClosesWhatWasThere() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            long other = user.open("/text", O_RDONLY);
            user.read(other, user.allocate(16), 3);
            assertThat(user.call(SystemCallNumber.DUP2, fd, other)).isEqualTo(other);
            assertThat(user.call(SystemCallNumber.LSEEK, other, 0, 1)).isZero();
            assertThat(user.call(SystemCallNumber.DUP2, fd, fd)).isEqualTo(fd);
            assertThat(user.call(SystemCallNumber.DUP2, 99, fd)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.DUP2, 99, 99)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.DUP2, fd, 5000)).isEqualTo(-EBADF);
            assertThat(user.call(SystemCallNumber.DUP3, fd, fd, 0)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.DUP3, fd, 9, 1)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.DUP3, fd, 9, O_CLOEXEC)).isEqualTo(9);
            assertThat(control(user, 9, F_GETFD, 0)).isEqualTo(1);
        });
    }

    @Test
    void tooManyDescriptorsAreEmfile() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDONLY);
            for (int i = 1; i < 1024; i++) {
                assertThat(user.call(SystemCallNumber.DUP, fd)).isEqualTo(i);
            }
            assertThat(user.call(SystemCallNumber.DUP, fd)).isEqualTo(-EMFILE);
            assertThat(user.open("/text", O_RDONLY)).isEqualTo(-EMFILE);
        });
    }

    @Test
    void flagsOfDescriptorAndFileAreDifferentThings() {
        booted.run(user -> {
            long fd = user.open("/text", O_RDWR | O_CLOEXEC);
            assertThat(control(user, fd, F_GETFD, 0)).isEqualTo(1);
            assertThat(control(user, fd, F_SETFD, 0)).isZero();
            assertThat(control(user, fd, F_GETFD, 0)).isZero();
            assertThat(control(user, fd, F_SETFL, O_NONBLOCK | O_APPEND | O_RDONLY))
                    .isZero();
            assertThat(control(user, fd, F_GETFL, 0)).isEqualTo(O_RDWR | O_NONBLOCK | O_APPEND | O_LARGEFILE);
            long copy = control(user, fd, F_DUPFD_CLOEXEC, 0);
            assertThat(control(user, copy, F_GETFD, 0)).isEqualTo(1);
            assertThat(control(user, copy, F_GETFL, 0)).isEqualTo(O_RDWR | O_NONBLOCK | O_APPEND | O_LARGEFILE);
            assertThat(control(user, fd, 12345, 0)).isEqualTo(-EINVAL);
            assertThat(control(user, 99, F_GETFL, 0)).isEqualTo(-EBADF);
            user.call(SystemCallNumber.IOCTL, fd, 0x5421, user.words(0));
            assertThat(control(user, fd, F_GETFL, 0)).isEqualTo(O_RDWR | O_APPEND | O_LARGEFILE);
        });
    }
}
