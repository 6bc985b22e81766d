// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.ENXIO;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Do the devices that are always there do what everybody knows of them? */
final class BuiltInDevicesTest {
    private static final long MILLISECOND = 1_000_000;

    private final Booted booted = Booted.withSeed(12);

    @AfterEach
    void close() {
        booted.close();
    }

    @Test
    void nullSwallowsAndIsEmpty() {
        booted.run(user -> {
            long fd = user.open("/dev/null", O_RDWR);
            assertThat(user.write(fd, "hello")).isEqualTo(5);
            assertThat(user.read(fd, user.allocate(8), 8)).isZero();
            assertThat(user.call(SystemCallNumber.LSEEK, fd, 5, 0)).isZero();
        });
    }

    @Test
    void zeroIsZeroes() {
        booted.run(user -> {
            long fd = user.open("/dev/zero", O_RDWR);
            long buffer = user.words(-1, -1, -1);
            assertThat(user.read(fd, buffer, 9)).isEqualTo(9);
            assertThat(user.word(buffer)).isZero();
            assertThat(user.word(buffer + 8)).isEqualTo(-1 << 8);
            assertThat(user.read(fd, 8, 4)).isEqualTo(-EFAULT);
            long large = user.allocate(300_000);
            user.processor().storeByte(large + 299_999, (byte) 1);
            assertThat(user.read(fd, large, 300_000)).isEqualTo(300_000);
            assertThat(user.processor().loadByte(large + 299_999)).isZero();
            assertThat(user.write(fd, "hello")).isEqualTo(5);
            assertThat(user.call(SystemCallNumber.PREAD64, fd, buffer, 8, 5)).isEqualTo(8);
        });
    }

    @Test
    void fullIsFull() {
        booted.run(user -> {
            long fd = user.open("/dev/full", O_RDWR);
            assertThat(user.write(fd, "x")).isEqualTo(-ENOSPC);
            assertThat(user.read(fd, user.allocate(8), 8)).isEqualTo(8);
        });
    }

    @Test
    void randomComesFromTheSeed() {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        try (Booted one = Booted.withSeed(5);
                Booted two = Booted.withSeed(5)) {
            one.run(user -> first.addAll(random(user)));
            two.run(user -> second.addAll(random(user)));
        }
        assertThat(first).isEqualTo(second).doesNotHaveDuplicates().hasSize(6);
    }

    private static List<Long> random(User user) {
        long buffer = user.allocate(48);
        user.read(user.open("/dev/urandom", O_RDONLY), buffer, 16);
        user.read(user.open("/dev/random", O_RDONLY), buffer + 16, 16);
        assertThat(user.call(SystemCallNumber.GETRANDOM, buffer + 32, 16, 0)).isEqualTo(16);
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            words.add(user.word(buffer + i * 8L));
        }
        return words;
    }

    @Test
    void getrandomChecksItsArguments() {
        booted.run(user -> {
            assertThat(user.call(SystemCallNumber.GETRANDOM, 8, 8, 0)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.GETRANDOM, user.allocate(8), 8, 8))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.GETRANDOM, user.allocate(8), 8, 6))
                    .isEqualTo(-EINVAL);
        });
    }

    @Test
    void kmsgGivesALineAtEachRead() {
        booted.run(user -> {
            long fd = user.open("/dev/kmsg", O_RDWR | O_NONBLOCK);
            long buffer = user.allocate(1024);
            long count = user.read(fd, buffer, 1024);
            assertThat(user.text(buffer, count))
                    .startsWith("5,0,0,-;U-Bend version 6.12.0-ubend")
                    .endsWith("\n");
            while (user.read(fd, buffer, 1024) > 0) {
                assertThat(user.string(buffer)).isNotEmpty();
            }
            assertThat(user.read(fd, buffer, 1024)).isEqualTo(-EAGAIN);
            assertThat(user.write(fd, "<3>from a program\n")).isEqualTo(18);
            assertThat(user.read(fd, buffer, 10)).isEqualTo(-EINVAL);
            count = user.read(fd, buffer, 1024);
            assertThat(user.text(buffer, count)).matches("3,3,\\d+,-;from a program\n");
            user.call(SystemCallNumber.LSEEK, fd, 0, 0);
            assertThat(user.read(fd, buffer, 1024)).isPositive();
            user.call(SystemCallNumber.LSEEK, fd, 0, 2);
            assertThat(user.read(fd, buffer, 1024)).isEqualTo(-EAGAIN);
        });
    }

    @Test
    void aReaderOfKmsgWaitsForTheNextLine() {
        booted.run(user -> {
            long fd = user.open("/dev/kmsg", O_RDONLY);
            long buffer = user.allocate(1024);
            user.call(SystemCallNumber.LSEEK, fd, 0, 2);
            user.fork(own -> {
                own.sleep(MILLISECOND);
                return (int) own.write(own.open("/dev/kmsg", O_RDWR), "news") - 4;
            });
            long count = user.read(fd, buffer, 1024);
            assertThat(user.text(buffer, count)).matches("4,3,\\d+,-;news\n");
        });
    }

    @Test
    void syslogReadsAllAndClears() {
        booted.run(user -> {
            long buffer = user.allocate(4096);
            long count = user.call(SystemCallNumber.SYSLOG, 4, buffer, 4096);
            assertThat(user.text(buffer, count)).startsWith("<5>[    0.000000] U-Bend version");
            assertThat(user.call(SystemCallNumber.SYSLOG, 3, buffer, 4096)).isZero();
            assertThat(user.call(SystemCallNumber.SYSLOG, 10, 0, 0)).isPositive();
            assertThat(user.call(SystemCallNumber.SYSLOG, 8, 0, 3)).isZero();
            assertThat(user.call(SystemCallNumber.SYSLOG, 8, 0, 99)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.SYSLOG, 77, 0, 0)).isEqualTo(-EINVAL);
            assertThat(booted.kernel().log().consoleLevel()).isEqualTo(3);
        });
    }

    @Test
    void aProcessWithoutATerminalHasNoTty() {
        booted.kernel().console().connect(new ConsolePort() {
            @Override
            public void write(byte[] bytes) {}

            @Override
            public void requestLine(String prompt) {}
        });
        booted.run(user -> {
            assertThat(user.open("/dev/tty", O_RDWR)).isEqualTo(3);
            long child = user.fork(own -> {
                own.call(SystemCallNumber.SETSID);
                return own.open("/dev/tty", O_RDWR) == -ENXIO ? 0 : 1;
            });
            assertThat(user.waitFor(child)).isZero();
        });
    }
}
