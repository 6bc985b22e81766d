// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.PollEvents.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BAD_ADDRESS;
import static kernel.vfs.FakeProcess.BUFFER;
import static kernel.vfs.FakeProcess.MEMORY_END;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import kernel.core.fs.FileDescription;
import kernel.uapi.FileMode;
import kernel.uapi.Limits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Do bytes come out of a pipe as they went in, and who waits for whom? */
class PipeTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();
    private long reader;
    private long writer;

    @BeforeEach
    void openPipe() {
        int[] pipe = root.pipe(0);
        reader = pipe[0];
        writer = pipe[1];
    }

    private void setNonBlocking() {
        for (long fd : new long[] {reader, writer}) {
            FileDescription file = root.files().get((int) fd);
            file.setFlags(file.flags() | O_NONBLOCK);
        }
    }

    private int poll(long fd) {
        FileDescription file = root.files().get((int) fd);
        return file.operations().poll(root, file, queue -> {});
    }

    @Test
    void thePairIsToldAndLooksLikeAPipe() {
        assertThat(reader).isZero();
        assertThat(writer).isEqualTo(1);
        assertThat(root.fstat(reader).mode()).isEqualTo(FileMode.S_IFIFO | 0600);
        assertThat(root.fstat(reader).inode()).isEqualTo(root.fstat(writer).inode());
        assertThat(root.files().get(0).path()).startsWith("pipe:[");
        assertThat(root.read(writer, 1)).isEqualTo(-EBADF);
        assertThat(root.write(reader, "x")).isEqualTo(-EBADF);
        assertThat(root.seek(reader, 0, 0)).isEqualTo(-ESPIPE);
    }

    @Test
    void flagsGoToBothEnds() {
        int[] pipe = root.pipe(O_CLOEXEC | O_NONBLOCK);
        for (int fd : pipe) {
            assertThat(root.files().isCloseOnExec(fd)).isTrue();
            assertThat(root.files().get(fd).isNonBlocking()).isTrue();
        }
        assertThat(root.files().isCloseOnExec((int) reader)).isFalse();
    }

    @Test
    void whatGoesInComesOutInOrderAndInAnyPieces() {
        assertThat(root.write(writer, "hello ")).isEqualTo(6);
        assertThat(root.write(writer, "world")).isEqualTo(5);
        assertThat(root.readText(reader, 4)).isEqualTo("hell");
        assertThat(root.readText(reader, 100)).isEqualTo("o world");
    }

    @Test
    void readingIsOverWhenTheLastWriterHasGone() {
        FakeProcess child = root.fork(2);
        root.write(writer, "last");
        root.close(writer);
        assertThat(root.readText(reader, 100)).isEqualTo("last");
        host.whileAsleep.add(() -> child.close(writer));
        assertThat(root.read(reader, 100)).isZero();
        assertThat(root.read(reader, 100)).isZero();
    }

    @Test
    void aReaderSleepsUntilSomethingIsWritten() {
        FakeProcess child = root.fork(2);
        host.whileAsleep.add(() -> child.write(writer, "at last"));
        assertThat(root.readText(reader, 100)).isEqualTo("at last");
    }

    @Test
    void aWriterSleepsUntilThereIsRoomForAllOfIt() {
        FakeProcess child = root.fork(2);
        assertThat(root.write(writer, new byte[Pipe.CAPACITY - 10])).isEqualTo(Pipe.CAPACITY - 10);
        host.whileAsleep.add(() -> assertThat(child.read(reader, 5)).isEqualTo(5));
        host.whileAsleep.add(() -> assertThat(child.read(reader, 5)).isEqualTo(5));
        assertThat(root.write(writer, "x".repeat(20))).isEqualTo(20);
        assertThat(host.whileAsleep).isEmpty();
    }

    @Test
    void aLargeWriteGoesInAsRoomComes() {
        FakeProcess child = root.fork(2);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] sent = new byte[300_000];
        new Random(1).nextBytes(sent);
        for (int i = 0; i < 40; i++) {
            host.whileAsleep.add(() -> {
                long count = child.read(reader, 10_000);
                received.writeBytes(child.memory(BUFFER, (int) count));
            });
        }
        assertThat(root.write(writer, sent)).isEqualTo(sent.length);
        root.close(writer);
        child.close(writer);
        for (long count = child.read(reader, 50_000); count > 0; count = child.read(reader, 50_000)) {
            received.writeBytes(child.memory(BUFFER, (int) count));
        }
        assertThat(received.toByteArray()).isEqualTo(sent);
    }

    @Test
    void aSmallWriteIsAllOrNothing() {
        setNonBlocking();
        assertThat(root.write(writer, new byte[Pipe.CAPACITY - 100])).isEqualTo(Pipe.CAPACITY - 100);
        assertThat(root.write(writer, new byte[Limits.PIPE_BUF])).isEqualTo(-EAGAIN);
        assertThat(root.write(writer, new byte[Limits.PIPE_BUF + 1])).isEqualTo(100);
        assertThat(root.write(writer, new byte[1])).isEqualTo(-EAGAIN);
        assertThat(root.write(writer, new byte[100_000])).isEqualTo(-EAGAIN);
    }

    @Test
    void nobodyWaitsWithoutBlocking() {
        setNonBlocking();
        assertThat(root.read(reader, 1)).isEqualTo(-EAGAIN);
        assertThat(root.read(reader, 0)).isZero();
        root.close(writer);
        assertThat(root.read(reader, 1)).isZero();
    }

    @Test
    void writingForNobodyIsASignalAndAnError() {
        root.close(reader);
        assertThat(root.write(writer, "x")).isEqualTo(-EPIPE);
        assertThat(host.signals).containsExactly("1:13");
        assertThat(root.write(writer, BAD_ADDRESS, 1)).isEqualTo(-EPIPE);
        assertThat(root.write(writer, BAD_ADDRESS, 0)).isZero();
    }

    @Test
    void aSleepingWriterLearnsThatTheLastReaderHasGone() {
        FakeProcess child = root.fork(2);
        root.close(reader);
        host.whileAsleep.add(() -> child.close(reader));
        assertThat(root.write(writer, new byte[Pipe.CAPACITY + 1])).isEqualTo(Pipe.CAPACITY);
        assertThat(host.signals).containsExactly("1:13");
    }

    @Test
    void aSignalEndsTheSleep() {
        host.signalPending = true;
        assertThat(root.read(reader, 1)).isEqualTo(-ERESTARTSYS);
        assertThat(root.write(writer, new byte[Pipe.CAPACITY + 5])).isEqualTo(Pipe.CAPACITY);
        assertThat(root.write(writer, "x")).isEqualTo(-ERESTARTSYS);
        assertThat(root.read(reader, Pipe.CAPACITY)).isEqualTo(Pipe.CAPACITY);
    }

    @Test
    void aBadAddressTakesNothingOut() {
        root.write(writer, "content");
        assertThat(root.read(reader, BAD_ADDRESS, 7)).isEqualTo(-EFAULT);
        assertThat(root.read(reader, MEMORY_END - 3, 7)).isEqualTo(3);
        assertThat(root.readText(reader, 100)).isEqualTo("tent");
    }

    @Test
    void aBadAddressPutsNothingIn() {
        assertThat(root.write(writer, BAD_ADDRESS, 7)).isEqualTo(-EFAULT);
        assertThat(root.write(writer, MEMORY_END - 3, 7)).isEqualTo(-EFAULT);
        setNonBlocking();
        assertThat(root.read(reader, 100)).isEqualTo(-EAGAIN);
    }

    @Test
    void pollTellsWhatWouldNotBlock() {
        assertThat(poll(reader)).isZero();
        assertThat(poll(writer)).isEqualTo(POLLOUT | POLLWRNORM);
        root.write(writer, new byte[Pipe.CAPACITY - Limits.PIPE_BUF + 1]);
        assertThat(poll(reader)).isEqualTo(POLLIN | POLLRDNORM);
        assertThat(poll(writer)).isZero();
        root.read(reader, 1);
        assertThat(poll(writer)).isEqualTo(POLLOUT | POLLWRNORM);
        FakeProcess child = root.fork(2);
        root.close(writer);
        child.close(writer);
        assertThat(poll(reader)).isEqualTo(POLLIN | POLLRDNORM | POLLHUP);
        int[] other = root.pipe(0);
        root.close(other[0]);
        assertThat(poll(other[1])).isEqualTo(POLLOUT | POLLWRNORM | POLLERR);
    }

    @Test
    void fionreadCountsWhatWaits() {
        root.write(writer, "12345");
        FileDescription file = root.files().get((int) reader);
        assertThat(file.operations().ioctl(root, file, PipeEnd.FIONREAD, BUFFER))
                .isZero();
        assertThat(root.memory(BUFFER, 4)).isEqualTo(new byte[] {5, 0, 0, 0});
        assertThat(file.operations().ioctl(root, file, PipeEnd.FIONREAD, BAD_ADDRESS))
                .isEqualTo(-EFAULT);
        assertThat(file.operations().ioctl(root, file, 1, BUFFER)).isEqualTo(-ENOTTY);
    }

    // Pipes with a name.

    private void makeFifo() {
        root.call(MKNOD, "/tmp/fifo", FileMode.S_IFIFO | 0666, 0);
    }

    @Test
    void openingToReadWaitsForAWriter() {
        makeFifo();
        FakeProcess other = host.process(2, 0);
        host.whileAsleep.add(() -> {
            long fd = other.open("/tmp/fifo", O_WRONLY);
            other.write(fd, "hello");
            other.close(fd);
        });
        long fd = root.open("/tmp/fifo", O_RDONLY);
        assertThat(root.readText(fd, 100)).isEqualTo("hello");
        assertThat(root.read(fd, 100)).isZero();
    }

    @Test
    void openingToWriteWaitsForAReader() {
        makeFifo();
        FakeProcess other = host.process(2, 0);
        host.whileAsleep.add(() -> other.open("/tmp/fifo", O_RDONLY));
        long fd = root.open("/tmp/fifo", O_WRONLY);
        root.write(fd, "hello");
        assertThat(other.readText(0, 100)).isEqualTo("hello");
    }

    @Test
    void openingForBothOrWithoutBlockingWaitsForNobody() {
        makeFifo();
        assertThat(root.open("/tmp/fifo", O_WRONLY | O_NONBLOCK)).isEqualTo(-ENXIO);
        long fd = root.open("/tmp/fifo", O_RDONLY | O_NONBLOCK);
        assertThat(poll(fd)).isZero();
        assertThat(root.read(fd, 1)).isZero();
        long out = root.open("/tmp/fifo", O_WRONLY | O_NONBLOCK);
        root.write(out, "x");
        root.close(out);
        assertThat(poll(fd)).isEqualTo(POLLIN | POLLRDNORM | POLLHUP);
        root.close(fd);
        long both = root.open("/tmp/fifo", O_RDWR);
        root.write(both, "y");
        assertThat(root.readText(both, 10)).isEqualTo("y");
    }

    @Test
    void aSignalEndsTheOpeningAndNothingStaysOpen() {
        makeFifo();
        host.signalPending = true;
        int before = root.openFiles();
        assertThat(root.open("/tmp/fifo", O_RDONLY)).isEqualTo(-ERESTARTSYS);
        assertThat(root.open("/tmp/fifo", O_WRONLY)).isEqualTo(-ERESTARTSYS);
        assertThat(root.openFiles()).isEqualTo(before);
        host.signalPending = false;
        assertThat(root.open("/tmp/fifo", O_WRONLY | O_NONBLOCK)).isEqualTo(-ENXIO);
    }

    @Test
    void whenBothSidesHaveGoneSoHasTheContent() {
        makeFifo();
        long fd = root.open("/tmp/fifo", O_RDWR);
        root.write(fd, "lost");
        root.close(fd);
        fd = root.open("/tmp/fifo", O_RDWR | O_NONBLOCK);
        assertThat(root.read(fd, 10)).isEqualTo(-EAGAIN);
        assertThat(root.stat("/tmp/fifo").size()).isZero();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 1000 : 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomReadsAndWritesAreAQueueOfBytes(long seed) {
        setNonBlocking();
        Random random = new Random(seed);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        for (int step = 0; step < 500; step++) {
            int waiting = sent.size() - received.size();
            int length = 1 + random.nextInt(random.nextBoolean() ? 100 : 20_000);
            if (random.nextBoolean()) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                long count = root.write(writer, bytes);
                int room = Pipe.CAPACITY - waiting;
                int expected = room >= length ? length : length <= Limits.PIPE_BUF || room == 0 ? -EAGAIN : room;
                assertThat(count).isEqualTo(expected);
                sent.writeBytes(Arrays.copyOf(bytes, (int) Math.max(0, count)));
            } else {
                long count = root.read(reader, length);
                assertThat(count).isEqualTo(waiting == 0 ? -EAGAIN : Math.min(waiting, length));
                received.writeBytes(root.memory(BUFFER, (int) Math.max(0, count)));
            }
        }
        assertThat(received.toByteArray()).isEqualTo(Arrays.copyOf(sent.toByteArray(), received.size()));
    }
}
