// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EFBIG;
import static kernel.uapi.Errno.EMLINK;
import static kernel.uapi.Errno.ENAMETOOLONG;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.ENOTEMPTY;
import static kernel.uapi.Errno.EPERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileNode;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of all kinds, one property at a time; the host's e2fsck has the last word after each. */
class FileTest {
    private static final int REGULAR = FileMode.S_IFREG | 0644;

    @TempDir
    private Path folder;

    private ToyKernel kernel;

    @BeforeEach
    void tools() {
        HostTool.assumePresent();
    }

    private void mount(String shape, String size) {
        kernel = ToyKernel.mount(FakeDevice.of(HostTool.makeFileSystem(folder.resolve("image"), shape, size)));
    }

    private Path unmountClean() {
        kernel.unmount();
        Path image = folder.resolve("image");
        kernel.device().save(image);
        HostTool.assertClean(image);
        return image;
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 11, 1",
        "1024, 12, 2",
        "1024, 268, 3",
        "1024, 65804, 4",
        "2048, 524, 3",
        "2048, 262668, 4",
        "4096, 1036, 3",
        "4096, 1049612, 4",
    })
    void eachLevelOfPointersIsCountedAndGivenBack(int blockBytes, long index, int blocks) {
        mount("-b " + blockBytes, "8M");
        long free = kernel.fileSystem().statistics(kernel.context()).freeBlocks();
        assertThat(kernel.create("f", REGULAR)).isPositive();
        byte[] data = ModelFiles.text("at the end of the world");
        assertThat(kernel.write("f", index * blockBytes, data)).isZero();
        assertThat(kernel.attributes("f").sectors).isEqualTo((long) blocks * blockBytes / 512);
        assertThat(kernel.read("f", index * blockBytes, 100)).isEqualTo(data);
        assertThat(kernel.read("f", index * blockBytes - 10, 10)).isEqualTo(new byte[10]);
        assertThat(kernel.truncate("f", index * blockBytes)).isZero();
        assertThat(kernel.attributes("f").sectors).isZero();
        assertThat(kernel.write("f", index * blockBytes, data)).isZero();
        assertThat(kernel.unlink("f")).isZero();
        assertThat(kernel.fileSystem().statistics(kernel.context()).freeBlocks())
                .isEqualTo(free);
        Path _ = unmountClean();
    }

    @Test
    void aTruncationLeavesWhatIsBeforeItAtEveryLength() {
        mount("-b 1024", "8M");
        byte[] data = new byte[600 * 1024];
        new Random(3).nextBytes(data);
        int[] blocks = {0, 1, 11, 12, 13, 200, 267, 268, 269, 400, 523, 524, 525, 599};
        for (int kept : blocks) {
            String name = "f" + kept;
            assertThat(kernel.create(name, REGULAR)).isPositive();
            assertThat(kernel.write(name, 0, data)).isZero();
            int size = kept * 1024 + (kept % 2 == 0 ? 0 : 100);
            assertThat(kernel.truncate(name, size)).isZero();
            assertThat(kernel.truncate(name, data.length)).isZero();
            assertThat(Arrays.equals(kernel.read(name), Arrays.copyOf(Arrays.copyOf(data, size), data.length)))
                    .isTrue();
        }
        Path _ = unmountClean();
    }

    @Test
    void aFileOfMoreThanTwoGibibytesSetsTheFeature() {
        mount("-b 1024 -O none -r 0 -I 128", "8M");
        long position = (1L << 31) + 5;
        assertThat(kernel.create("f", REGULAR)).isPositive();
        assertThat(kernel.write("f", position, ModelFiles.text("far"))).isZero();
        assertThat(kernel.log())
                .containsExactly("EXT2-fs (ram0): warning: updating to rev 1 because of new feature flag, running "
                        + "e2fsck is recommended");
        kernel.dropInodes();
        assertThat(kernel.attributes("f").sizeBytes).isEqualTo(position + 3);
        assertThat(kernel.read("f", position, 10)).isEqualTo(ModelFiles.text("far"));
        Path image = unmountClean();
        assertThat(HostTool.run("dumpe2fs", List.of("-h", image.toString())).output())
                .contains("large_file");
        assertThat(HostTool.debugfs(image, "stat f")).contains("Size: " + (position + 3));
    }

    @Test
    void aFileCannotBeLargerThanItsPointersReach() {
        mount("-b 1024", "8M");
        assertThat(kernel.fileSystem().maxFileBytes()).isEqualTo((12 + 256 + 65536 + 16777216L) * 1024);
        assertThat(kernel.create("f", REGULAR)).isPositive();
        FileNode node = kernel.node("f");
        assertThat(node.mapBlock(kernel.context(), 12 + 256 + 65536 + 16777216L, true))
                .isEqualTo(-EFBIG);
        assertThat(node.mapBlock(kernel.context(), Long.MAX_VALUE, true)).isEqualTo(-EFBIG);
        assertThat(node.mapBlock(kernel.context(), -1, true)).isEqualTo(-EFBIG);
        Path _ = unmountClean();
    }

    @Test
    void devicesPipesAndSocketsKeepTheirNumbersInEitherEncoding() {
        mount("-b 1024 -I 128", "4M");
        int[] types = {FileMode.S_IFCHR, FileMode.S_IFBLK, FileMode.S_IFIFO, FileMode.S_IFSOCK};
        long[] numbers = {FileMode.device(240, 3), FileMode.device(8, 0), FileMode.device(300, 70_000)};
        for (int type : types) {
            for (int i = 0; i < numbers.length; i++) {
                FileAttributes birth = ToyKernel.birth(type | 0600);
                birth.deviceNumber = numbers[i];
                assertThat(kernel.make("n" + type + i, birth)).isPositive();
            }
        }
        kernel.dropInodes();
        for (int type : types) {
            for (int i = 0; i < numbers.length; i++) {
                boolean device = type == FileMode.S_IFCHR || type == FileMode.S_IFBLK;
                FileAttributes attributes = kernel.attributes("n" + type + i);
                assertThat(attributes.mode).isEqualTo(type | 0600);
                assertThat(attributes.deviceNumber).isEqualTo(device ? numbers[i] : 0);
            }
        }
        Path image = unmountClean();
        assertThat(HostTool.debugfs(image, "stat n" + FileMode.S_IFCHR + "0"))
                .contains("Device major/minor number: 240:03");
        assertThat(HostTool.debugfs(image, "stat n" + FileMode.S_IFBLK + "2"))
                .contains("Device major/minor number: 300:70000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 59, 60, 61, 1023})
    void linksOfEachLengthPointWhereTheyShould(int length) {
        mount("-b 1024", "4M");
        assertThat(kernel.symlink("link", "z".repeat(length))).isPositive();
        kernel.dropInodes();
        assertThat(kernel.readLink("link")).isEqualTo("z".repeat(length));
        assertThat(kernel.attributes("link").sectors).isEqualTo(length < 60 ? 0 : 2);
        assertThat(kernel.unlink("link")).isZero();
        assertThat(kernel.symlink("again", "z".repeat(length))).isPositive();
        Path _ = unmountClean();
    }

    @Test
    void aTargetThatFillsABlockIsTooLong() {
        mount("-b 1024", "4M");
        assertThat(kernel.symlink("link", "z".repeat(1024))).isEqualTo(-ENAMETOOLONG);
        assertThat(kernel.list("")).extracting(ToyKernel.Entry::name).doesNotContain("link");
        Path _ = unmountClean();
    }

    @Test
    void attributesAreKeptInWholeSeconds() {
        mount("-b 1024 -I 256", "4M");
        assertThat(kernel.create("f", REGULAR)).isPositive();
        FileAttributes attributes = kernel.attributes("f");
        attributes.mode = 06755;
        attributes.user = 1000;
        attributes.group = 100;
        attributes.accessedNanos = ToyKernel.nanos(1) + 5;
        attributes.modifiedNanos = ToyKernel.nanos(-7) - 1;
        attributes.changedNanos = Long.MAX_VALUE;
        assertThat(kernel.node("f").writeAttributes(kernel.context(), attributes))
                .isZero();
        kernel.dropInodes();
        FileAttributes now = kernel.attributes("f");
        assertThat(now.mode).isEqualTo(FileMode.S_IFREG | 06755);
        assertThat(now.user).isEqualTo(1000);
        assertThat(now.accessedNanos).isEqualTo(ToyKernel.nanos(1));
        assertThat(now.modifiedNanos).isEqualTo(ToyKernel.nanos(-8));
        assertThat(now.changedNanos).isEqualTo(ToyKernel.nanos(Integer.MAX_VALUE));
        Path _ = unmountClean();
    }

    @Test
    void aFileWithoutNamesLivesUntilNobodyUsesIt() {
        mount("-b 1024", "4M");
        long free = kernel.fileSystem().statistics(kernel.context()).freeBlocks();
        long number = kernel.create("f", REGULAR);
        assertThat(kernel.write("f", 0, new byte[3000])).isZero();
        assertThat(kernel.fsync("f")).isZero();
        FileNode file = kernel.node("f");
        assertThat(kernel.node("").unlink(kernel.context(), ModelFiles.text("f"), file))
                .isZero();
        assertThat(kernel.fileSystem().statistics(kernel.context()).freeBlocks())
                .isEqualTo(free - 3);
        assertThat(file.mapBlock(kernel.context(), 0, false)).isPositive();
        file.evict(kernel.context());
        assertThat(kernel.fileSystem().statistics(kernel.context()).freeBlocks())
                .isEqualTo(free);
        assertThat(kernel.create("g", REGULAR)).as("not before it is forgotten").isNotEqualTo(number);
        assertThat(kernel.sync()).isZero();
        assertThat(kernel.create("h", REGULAR)).isEqualTo(number);
        Path _ = unmountClean();
    }

    @Test
    void nothingHasMoreThan32000Links() {
        mount("-b 1024", "4M");
        assertThat(kernel.create("f", REGULAR)).isPositive();
        assertThat(kernel.mkdir("d")).isPositive();
        kernel.unmount();
        Path image = folder.resolve("image");
        kernel.device().save(image);
        HostTool.debugfs(image, "set_inode_field d links_count 31999");
        HostTool.debugfs(image, "set_inode_field f links_count 31999");
        kernel = ToyKernel.mount(FakeDevice.of(image));
        assertThat(kernel.link("f", "g")).isZero();
        assertThat(kernel.link("f", "one-more")).isEqualTo(-EMLINK);
        assertThat(kernel.unlink("g")).isZero();
        assertThat(kernel.link("f", "again")).isZero();
        assertThat(kernel.mkdir("d/e")).isPositive();
        assertThat(kernel.mkdir("d/one-more")).isEqualTo(-EMLINK);
        assertThat(kernel.mkdir("h")).isPositive();
        assertThat(kernel.rename("h", "d/one-more")).isEqualTo(-EMLINK);
        assertThat(kernel.create("d/file", REGULAR)).isPositive();
        assertThat(kernel.rmdir("d/e")).isZero();
        assertThat(kernel.rename("h", "d/one-more")).isZero();
    }

    @Test
    void aListingGoesOnWhereItStoppedWhileNamesComeAndGo() {
        mount("-b 1024", "4M");
        for (int i = 0; i < 200; i++) {
            assertThat(kernel.create("name" + i, REGULAR)).isPositive();
        }
        List<String> seen = new ArrayList<>();
        long[] position = {0};
        for (int round = 0; round < 300; round++) {
            int[] taken = {0};
            assertThat(kernel.node("").list(kernel.context(), position[0], (bytes, at, length, number, type, next) -> {
                        if (taken[0] == 2) {
                            return false;
                        }
                        seen.add(new String(bytes, at, length, java.nio.charset.StandardCharsets.UTF_8));
                        taken[0]++;
                        position[0] = next;
                        return true;
                    }))
                    .isZero();
            if (round < 50) {
                assertThat(kernel.unlink("name" + round)).isZero();
            }
        }
        for (int i = 100; i < 200; i++) {
            assertThat(seen).containsOnlyOnce("name" + i);
        }
        Path _ = unmountClean();
    }

    @Test
    void renamingADirectoryMovesItsParentAndTheLinks() {
        mount("-b 1024", "4M");
        assertThat(kernel.mkdir("a")).isPositive();
        long b = kernel.mkdir("b");
        assertThat(kernel.mkdir("a/moved")).isPositive();
        assertThat(kernel.mkdir("b/full")).isPositive();
        assertThat(kernel.mkdir("b/full/x")).isPositive();
        assertThat(kernel.rename("a/moved", "b/full")).isEqualTo(-ENOTEMPTY);
        assertThat(kernel.rmdir("b/full")).isEqualTo(-ENOTEMPTY);
        assertThat(kernel.rename("a/moved", "b/moved")).isZero();
        assertThat(kernel.attributes("a").links).isEqualTo(2);
        assertThat(kernel.attributes("b").links).isEqualTo(4);
        assertThat(kernel.node("b/moved").lookup(kernel.context(), ModelFiles.text("..")))
                .isEqualTo(b);
        assertThat(kernel.node("b")
                        .rename(
                                kernel.context(),
                                ModelFiles.text("nobody"),
                                kernel.node("b/moved"),
                                kernel.node("a"),
                                ModelFiles.text("x"),
                                null))
                .isEqualTo(-ENOENT);
        Path _ = unmountClean();
    }

    @Test
    void whatIsImmutableOrAppendOnlyStaysAsItIs() {
        mount("-b 1024", "4M");
        assertThat(kernel.create("fixed", REGULAR)).isPositive();
        assertThat(kernel.create("log", REGULAR)).isPositive();
        assertThat(kernel.write("log", 0, new byte[10])).isZero();
        kernel.unmount();
        Path image = folder.resolve("image");
        kernel.device().save(image);
        HostTool.debugfs(image, "set_inode_field fixed flags 0x10");
        HostTool.debugfs(image, "set_inode_field log flags 0x20");
        kernel = ToyKernel.mount(FakeDevice.of(image));
        assertThat(kernel.unlink("fixed")).isEqualTo(-EPERM);
        assertThat(kernel.link("fixed", "other")).isEqualTo(-EPERM);
        assertThat(kernel.rename("fixed", "other")).isEqualTo(-EPERM);
        assertThat(kernel.truncate("fixed", 5)).isEqualTo(-EPERM);
        assertThat(kernel.truncate("log", 5)).isEqualTo(-EPERM);
        assertThat(kernel.write("log", 10, new byte[10])).isZero();
        Path _ = unmountClean();
    }

    // ---- order

    @Test
    void blocksThatWereFreedAreNotUsedBeforeTheDeviceHasForgottenTheirOwner() {
        mount("-b 1024", "4M");
        assertThat(kernel.create("f", REGULAR)).isPositive();
        assertThat(kernel.write("f", 0, new byte[8 * 1024])).isZero();
        assertThat(kernel.sync()).isZero();
        List<Long> old = blocksOf("f");
        assertThat(kernel.unlink("f")).isZero();
        assertThat(kernel.create("g", REGULAR)).isPositive();
        assertThat(kernel.write("g", 0, new byte[8 * 1024])).isZero();
        assertThat(blocksOf("g")).doesNotContainAnyElementsOf(old);
        assertThat(kernel.sync()).isZero();
        assertThat(kernel.create("h", REGULAR)).isPositive();
        assertThat(kernel.write("h", 0, new byte[8 * 1024])).isZero();
        assertThat(blocksOf("h")).isEqualTo(old);
        Path _ = unmountClean();
    }

    private List<Long> blocksOf(String path) {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            blocks.add(kernel.node(path).mapBlock(kernel.context(), i, false));
        }
        return blocks;
    }

    @Test
    void newBlocksOfPointersAndNamesAreDurableBeforeAnythingLeadsToThem() {
        mount("-b 1024", "4M");
        assertThat(kernel.create("f", REGULAR)).isPositive();
        kernel.device().record();
        assertThat(kernel.write("f", 12 * 1024, new byte[1024])).isZero();
        assertThat(kernel.device().events()).hasSize(2);
        assertThat(kernel.device().events().getFirst().bytes).hasSize(1024);
        assertThat(kernel.device().events().getLast().isFlush()).isTrue();
        kernel.device().events().clear();
        assertThat(kernel.mkdir("d")).isPositive();
        assertThat(kernel.device().events()).hasSize(2);
        assertThat(kernel.device().events().getFirst().bytes[12 + 8]).isEqualTo((byte) '.');
        assertThat(kernel.device().events().getLast().isFlush()).isTrue();
        Path _ = unmountClean();
    }

    @Test
    void aNameGoesOnlyWhenTheNewOneIsDurable() {
        mount("-b 1024", "4M");
        assertThat(kernel.create("f", REGULAR)).isPositive();
        assertThat(kernel.mkdir("d")).isPositive();
        int flushes = kernel.device().flushes();
        assertThat(kernel.rename("f", "g")).isZero();
        assertThat(kernel.device().flushes())
                .as("in one block both change at once")
                .isEqualTo(flushes);
        assertThat(kernel.rename("g", "d/g")).isZero();
        assertThat(kernel.device().flushes()).isEqualTo(flushes + 1);
        assertThat(kernel.link("d/g", "h")).isZero();
        assertThat(kernel.unlink("d/g")).isZero();
        assertThat(kernel.device().flushes()).isEqualTo(flushes + 2);
        assertThat(kernel.unlink("h")).isZero();
        assertThat(kernel.device().flushes())
                .as("the last name may go at any time")
                .isEqualTo(flushes + 2);
        Path _ = unmountClean();
    }

    // ---- no room

    @Test
    void aFullDeviceSaysSoAndIsWhole() {
        mount("-b 1024 -m 0 -N 64 -g 1024", "2M");
        byte[] data = new byte[50_000];
        new Random(9).nextBytes(data);
        int files = 0;
        while (kernel.create("f" + files, REGULAR) > 0 && kernel.write("f" + files, 0, data) == 0) {
            files++;
        }
        assertThat(files).isGreaterThan(20);
        assertThat(kernel.fileSystem().statistics(kernel.context()).freeBlocks())
                .isZero();
        assertThat(kernel.mkdir("d")).isEqualTo(-ENOSPC);
        assertThat(kernel.symlink("s", "x".repeat(100))).isEqualTo(-ENOSPC);
        assertThat(kernel.symlink("short", "fits into the inode")).isPositive();
        assertThat(kernel.unlink("f3")).isZero();
        assertThat(kernel.mkdir("d")).as("room after an unlink, at once").isPositive();
        for (int i = 0; i < files; i++) {
            if (i != 3) {
                assertThat(Arrays.equals(kernel.read("f" + i), data)).isTrue();
            }
        }
        Path _ = unmountClean();
    }

    @Test
    void noMoreFilesThanInodes() {
        mount("-b 1024 -N 32", "2M");
        long free = kernel.fileSystem().statistics(kernel.context()).freeFiles();
        for (long i = 0; i < free; i++) {
            assertThat(kernel.create("f" + i, REGULAR)).isPositive();
        }
        assertThat(kernel.create("one-more", REGULAR)).isEqualTo(-ENOSPC);
        assertThat(kernel.mkdir("one-more")).isEqualTo(-ENOSPC);
        assertThat(kernel.unlink("f0")).isZero();
        assertThat(kernel.mkdir("one-more")).isPositive();
        Path _ = unmountClean();
    }

    @Test
    void theReserveIsForThePrivileged() {
        mount("-b 1024 -m 10", "2M");
        kernel.request().privileged = false;
        assertThat(kernel.create("f", REGULAR)).isPositive();
        while (kernel.write("f", kernel.attributes("f").sizeBytes, new byte[1024]) == 0) {
            assertThat(kernel.attributes("f").sizeBytes).isLessThan(2 << 20);
        }
        assertThat(kernel.fileSystem().statistics(kernel.context()).availableBlocks())
                .isZero();
        assertThat(kernel.fileSystem().statistics(kernel.context()).freeBlocks())
                .isGreaterThan(150);
        kernel.request().privileged = true;
        assertThat(kernel.write("f", kernel.attributes("f").sizeBytes, new byte[1024]))
                .isZero();
        Path _ = unmountClean();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFullDeviceIsWholeWhateverWasTried(long seed) {
        mount("-b 1024 -m 0 -N 200 -g 512", "1M");
        ModelFiles model = new ModelFiles();
        RandomWorkload workload = new RandomWorkload(seed, kernel, model, 200_000);
        for (int i = 0; i < 1500; i++) {
            workload.step();
        }
        model.assertSame(kernel);
        Path _ = unmountClean();
    }

    // ---- where things go

    @Test
    void aFileThatGrowsIsInOnePiece() {
        mount("-b 1024", "8M");
        assertThat(kernel.create("f", REGULAR)).isPositive();
        for (int i = 0; i < 200; i++) {
            assertThat(kernel.write("f", i * 1024L, new byte[1024])).isZero();
        }
        FileNode node = kernel.node("f");
        long first = node.mapBlock(kernel.context(), 0, false);
        for (int i = 1; i < 200; i++) {
            // One block of pointers lies between the direct blocks and the others.
            assertThat(node.mapBlock(kernel.context(), i, false)).isEqualTo(first + i + (i < 12 ? 0 : 1));
        }
    }

    @Test
    void directoriesBelowTheRootAreSpreadAndTheirFilesStayWithThem() {
        mount("-b 1024 -g 1024 -N 512", "8M");
        int perGroup = 512 / 8;
        List<Long> groups = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long directory = (kernel.mkdir("d" + i) - 1) / perGroup;
            groups.add(directory);
            assertThat((kernel.create("d" + i + "/file", REGULAR) - 1) / perGroup)
                    .isEqualTo(directory);
            assertThat((kernel.mkdir("d" + i + "/sub") - 1) / perGroup).isEqualTo(directory);
        }
        // Groups with a copy of the superblock have less room than the average, and are left out.
        assertThat(groups.stream().distinct().count()).isGreaterThan(2);
    }
}
