// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.Seek.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BAD_ADDRESS;
import static kernel.vfs.FakeProcess.BUFFER;
import static kernel.vfs.FakeProcess.MEMORY_END;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does a file hold what was written to it, and for as long as anybody can get at it? */
class RegularFileTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();

    private int pages() {
        return host.fileSystem().root().pageCount();
    }

    @Test
    void whatWasWrittenIsRead() {
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        assertThat(root.write(fd, "hello ")).isEqualTo(6);
        assertThat(root.write(fd, "world")).isEqualTo(5);
        assertThat(root.read(fd, 100)).isZero();
        assertThat(root.seek(fd, 0, SEEK_SET)).isZero();
        assertThat(root.readText(fd, 5)).isEqualTo("hello");
        assertThat(root.readText(fd, 100)).isEqualTo(" world");
        assertThat(root.fstat(fd).size()).isEqualTo(11);
    }

    @Test
    void appendingGoesToTheEndWhereverThePositionIs() {
        root.make("/tmp/file", "one");
        long first = root.open("/tmp/file", O_WRONLY | O_APPEND);
        long second = root.open("/tmp/file", O_RDWR | O_APPEND);
        root.write(first, " two");
        root.seek(second, 0, SEEK_SET);
        root.write(second, " three");
        root.write(first, " four");
        assertThat(root.content("/tmp/file")).isEqualTo("one two three four");
    }

    @Test
    void aHoleReadsAsZeroesAndTakesNoPages() {
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        root.write(fd, "x");
        root.seek(fd, 100_000, SEEK_SET);
        root.write(fd, "y");
        assertThat(root.fstat(fd).size()).isEqualTo(100_001);
        assertThat(root.fstat(fd).blocks()).isEqualTo(16);
        root.seek(fd, 0, SEEK_SET);
        assertThat(root.read(fd, 200_000)).isEqualTo(100_001);
        byte[] expected = new byte[100_001];
        expected[0] = 'x';
        expected[100_000] = 'y';
        assertThat(root.memory(BUFFER, 100_001)).isEqualTo(expected);
    }

    @Test
    void whatWasCutOffDoesNotComeBack() {
        root.make("/tmp/file", "secret");
        root.call(TRUNCATE, "/tmp/file", 1);
        root.call(TRUNCATE, "/tmp/file", 6);
        assertThat(root.content("/tmp/file")).isEqualTo("s\0\0\0\0\0");
        root.call(TRUNCATE, "/tmp/file", 2);
        long fd = root.open("/tmp/file", O_WRONLY);
        root.seek(fd, 4, SEEK_SET);
        root.write(fd, "x");
        assertThat(root.content("/tmp/file")).isEqualTo("s\0\0\0x");
    }

    @Test
    void truncatingGivesThePagesBack() {
        root.make("/tmp/file", "x".repeat(50_000));
        assertThat(pages()).isEqualTo(13);
        root.call(TRUNCATE, "/tmp/file", 5000);
        assertThat(pages()).isEqualTo(2);
        root.open("/tmp/file", O_RDONLY | O_TRUNC);
        assertThat(pages()).isZero();
        assertThat(root.stat("/tmp/file").size()).isZero();
    }

    @Test
    void anUnlinkedFileLivesUntilItIsClosed() {
        root.make("/tmp/file", "still here");
        long fd = root.open("/tmp/file", O_RDWR);
        assertThat(root.call(UNLINK, "/tmp/file")).isZero();
        assertThat(root.stat("/tmp/file")).isNull();
        assertThat(root.fstat(fd).links()).isZero();
        assertThat(root.readText(fd, 100)).isEqualTo("still here");
        assertThat(root.write(fd, " and growing")).isEqualTo(12);
        assertThat(pages()).isEqualTo(1);
        root.make("/tmp/file", "");
        assertThat(root.fstat(fd).size()).isEqualTo(22);
        root.close(fd);
        assertThat(pages()).isZero();
    }

    @Test
    void aFileThatIsRenamedOverLivesUntilItIsClosed() {
        root.make("/tmp/old", "old");
        root.make("/tmp/new", "new");
        long fd = root.open("/tmp/old", O_RDONLY);
        root.rename("/tmp/new", "/tmp/old");
        assertThat(root.readText(fd, 100)).isEqualTo("old");
        assertThat(root.content("/tmp/old")).isEqualTo("new");
        FakeProcess child = root.fork(2);
        root.close(fd);
        assertThat(child.seek(fd, 0, SEEK_SET)).isZero();
        assertThat(child.readText(fd, 100)).isEqualTo("old");
        child.close(fd);
        assertThat(pages()).isEqualTo(1);
    }

    @Test
    void allNamesOfAFileLeadToTheSame() {
        root.make("/tmp/a", "content");
        root.call(LINK, "/tmp/a", "/tmp/b");
        assertThat(root.stat("/tmp/a").links()).isEqualTo(2);
        assertThat(root.stat("/tmp/b").inode()).isEqualTo(root.stat("/tmp/a").inode());
        root.call(UNLINK, "/tmp/a");
        assertThat(root.content("/tmp/b")).isEqualTo("content");
        assertThat(root.rename("/tmp/b", "/tmp/b")).isZero();
        root.call(LINK, "/tmp/b", "/tmp/c");
        assertThat(root.rename("/tmp/b", "/tmp/c")).isZero();
        assertThat(root.list("/tmp")).containsExactly("c", "b");
    }

    @Test
    void whoMadeAFileMayUseItWhateverItsPermissions() {
        FakeProcess user = host.process(2, 1000);
        long fd = user.open("/tmp/file", O_CREAT | O_RDWR, 0);
        assertThat(user.write(fd, "mine")).isEqualTo(4);
        assertThat(user.open("/tmp/file", O_RDONLY)).isEqualTo(-EACCES);
        assertThat(root.content("/tmp/file")).isEqualTo("mine");
    }

    @Test
    void aBadAddressMovesNothing() {
        root.make("/tmp/file", "content");
        long fd = root.open("/tmp/file", O_RDWR);
        assertThat(root.read(fd, BAD_ADDRESS, 7)).isEqualTo(-EFAULT);
        assertThat(root.write(fd, BAD_ADDRESS, 7)).isEqualTo(-EFAULT);
        assertThat(root.content("/tmp/file")).isEqualTo("content");
        root.seek(fd, 50_000, SEEK_SET);
        assertThat(root.write(fd, BAD_ADDRESS, 7)).isEqualTo(-EFAULT);
        assertThat(root.fstat(fd).size()).isEqualTo(7);
        assertThat(pages()).isEqualTo(1);
    }

    @Test
    void anAddressThatEndsInBetweenMovesWhatThereIs() {
        root.make("/tmp/file", "x".repeat(10_000));
        long fd = root.open("/tmp/file", O_RDWR);
        assertThat(root.read(fd, MEMORY_END - 5000, 10_000)).isEqualTo(5000);
        root.call(TRUNCATE, "/tmp/file", 0);
        root.seek(fd, 0, SEEK_SET);
        assertThat(root.write(fd, MEMORY_END - 5000, 10_000)).isEqualTo(5000);
        assertThat(root.fstat(fd).size()).isEqualTo(5000);
    }

    @Test
    void nothingIsReadOrWrittenOfNothing() {
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        assertThat(root.write(fd, BAD_ADDRESS, 0)).isZero();
        assertThat(root.read(fd, BAD_ADDRESS, 0)).isZero();
        root.seek(fd, 10, SEEK_SET);
        assertThat(root.write(fd, BAD_ADDRESS, 0)).isZero();
        assertThat(root.fstat(fd).size()).isZero();
    }

    @Test
    void thePositionIsMovedAsLseekSays() {
        root.make("/tmp/file", "content");
        long fd = root.open("/tmp/file", O_RDONLY);
        assertThat(root.seek(fd, -2, SEEK_END)).isEqualTo(5);
        assertThat(root.seek(fd, 1, SEEK_CUR)).isEqualTo(6);
        assertThat(root.readText(fd, 9)).isEqualTo("t");
        assertThat(root.seek(fd, -8, SEEK_END)).isEqualTo(-EINVAL);
        assertThat(root.seek(fd, -1, SEEK_SET)).isEqualTo(-EINVAL);
        assertThat(root.seek(fd, Long.MAX_VALUE, SEEK_CUR)).isEqualTo(-EINVAL);
        assertThat(root.seek(fd, 0, 17)).isEqualTo(-EINVAL);
        assertThat(root.seek(fd, 0, SEEK_CUR)).isEqualTo(7);
    }

    @Test
    void aFileEndsAtTheLargestSize() {
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        root.seek(fd, FilePages.SIZE_MAX - 2, SEEK_SET);
        assertThat(root.write(fd, "1234")).isEqualTo(2);
        assertThat(root.write(fd, "34")).isEqualTo(-EFBIG);
        assertThat(root.fstat(fd).size()).isEqualTo(FilePages.SIZE_MAX);
        assertThat(root.call(FTRUNCATE, fd, FilePages.SIZE_MAX + 1)).isEqualTo(-EFBIG);
    }

    @Test
    void aFullFileSystemRefusesTheByteAndKeepsTheRest() {
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        while (pages() < FileSystem.PAGES_MAX - 1) {
            host.fileSystem().root().takePage();
        }
        assertThat(root.write(fd, new byte[10_000])).isEqualTo(4096);
        assertThat(root.write(fd, new byte[1])).isEqualTo(-ENOSPC);
        assertThat(root.fstat(fd).size()).isEqualTo(4096);
        root.call(FTRUNCATE, fd, 0);
        assertThat(pages()).isEqualTo(FileSystem.PAGES_MAX - 1);
    }

    @Test
    void aFileSystemFullOfNamesRefusesFurtherOnes() {
        root.make("/tmp/file", "");
        FileSystem fileSystem = host.fileSystem().root();
        while (fileSystem.takeName()) {
            // until there is room for no more
        }
        assertThat(root.open("/tmp/new", O_CREAT)).isEqualTo(-ENOSPC);
        assertThat(root.mkdir("/tmp/new")).isEqualTo(-ENOSPC);
        assertThat(root.symlink("x", "/tmp/new")).isEqualTo(-ENOSPC);
        assertThat(root.call(LINK, "/tmp/file", "/tmp/new")).isEqualTo(-ENOSPC);
        assertThat(root.stat("/tmp/file").links()).isEqualTo(1);
        assertThat(root.rename("/tmp/file", "/tmp/new")).isZero();
        assertThat(root.call(UNLINK, "/tmp/new")).isZero();
        assertThat(root.mkdir("/tmp/new")).isZero();
    }

    @Test
    void timesTellWhatHappened() {
        root.make("/tmp/file", "content");
        FakeProcess.Stat made = root.stat("/tmp/file");
        root.content("/tmp/file");
        FakeProcess.Stat read = root.stat("/tmp/file");
        assertThat(read.accessed()).isGreaterThan(made.accessed());
        assertThat(read.modified()).isEqualTo(made.modified());
        root.content("/tmp/file");
        assertThat(root.stat("/tmp/file").accessed()).isEqualTo(read.accessed());
        root.call(CHMOD, "/tmp/file", 0600);
        FakeProcess.Stat changed = root.stat("/tmp/file");
        assertThat(changed.changed()).isGreaterThan(read.changed());
        assertThat(changed.modified()).isEqualTo(read.modified());
        root.call(TRUNCATE, "/tmp/file", 1);
        assertThat(root.stat("/tmp/file").modified()).isGreaterThan(changed.modified());
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 1000 : 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomWritesAndCutsLeaveWhatAnArrayWouldHold(long seed) {
        Random random = new Random(seed);
        byte[] model = {};
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        for (int step = 0; step < 200; step++) {
            int at = random.nextInt(20_000);
            if (random.nextInt(4) == 0) {
                assertThat(root.call(FTRUNCATE, fd, at)).isZero();
                model = Arrays.copyOf(model, at);
            } else {
                byte[] bytes =
                        Integer.toString(step).repeat(1 + random.nextInt(3000)).getBytes(UTF_8);
                root.seek(fd, at, SEEK_SET);
                assertThat(root.write(fd, bytes)).isEqualTo(bytes.length);
                model = Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
                System.arraycopy(bytes, 0, model, at, bytes.length);
            }
            root.seek(fd, 0, SEEK_SET);
            assertThat(root.read(fd, 100_000)).isEqualTo(model.length);
            assertThat(root.memory(BUFFER, model.length)).isEqualTo(model);
        }
        root.call(UNLINK, "/tmp/file");
        root.close(fd);
        assertThat(pages()).isZero();
    }
}
