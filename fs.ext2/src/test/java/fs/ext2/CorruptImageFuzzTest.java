// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileNode;
import kernel.api.fs.FileSystemException;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A good image with bytes of its metadata changed: whatever is done with it ends, with an errno or a {@link FileSystemException} and nothing else; no buffer or mutex
 * is kept, and no file is given a block that the format itself has.
 */
class CorruptImageFuzzTest {
    private static final int IMAGES = Effort.of(300, 20_000);
    private static final int DEPTH_MAX = 6;
    private static final int FILES_MAX = 400;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private byte[] good;
    private final TreeSet<Integer> metadata = new TreeSet<>();

    static LongStream seeds() {
        return LongStream.range(0, 4);
    }

    @BeforeEach
    void makeImage() {
        HostTool.assumePresent();
        Path image = HostTool.makeFileSystem(folder.resolve("image"), "-b 1024 -I 128 -g 512 -N 128", "1M");
        FakeDevice device = FakeDevice.of(image);
        ToyKernel kernel = ToyKernel.mount(device);
        RandomWorkload workload = new RandomWorkload(5, kernel, new ModelFiles(), 300_000);
        for (int i = 0; i < 150; i++) {
            workload.step();
        }
        device.record();
        kernel.unmount();
        good = device.disk().clone();
        findMetadata();
    }

    /** Superblock, descriptors, maps, inodes; blocks of directories and of pointers: what does not look like random data. */
    private void findMetadata() {
        for (int block = 1; block < good.length / 1024; block++) {
            int zeroes = 0;
            for (int i = 0; i < 1024; i++) {
                zeroes += good[block * 1024 + i] == 0 ? 1 : 0;
            }
            if (zeroes > 30 && zeroes < 1024) {
                metadata.add(block);
            }
        }
        assertThat(metadata).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damageIsNeverMoreThanAnErrno(long seed) {
        Random random = new Random(seed);
        List<Integer> blocks = List.copyOf(metadata);
        int mounted = 0;
        for (int i = 0; i < IMAGES; i++) {
            byte[] bad = good.clone();
            int changes = 1 + random.nextInt(12);
            for (int change = 0; change < changes; change++) {
                int block = random.nextInt(3) == 0 ? 1 + random.nextInt(12) : blocks.get(random.nextInt(blocks.size()));
                int at = block * 1024 + random.nextInt(1024);
                bad[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bad[at] ^ 1 << random.nextInt(8));
            }
            long run = random.nextLong();
            String what = "seed " + seed + ", image " + i;
            boolean worked = Assertions.assertTimeoutPreemptively(LIMIT, () -> use(bad, run), what);
            mounted += worked ? 1 : 0;
        }
        assertThat(mounted).as("images that could be mounted at all").isGreaterThan(IMAGES / 4);
    }

    /** Does everything to everything that is found. False when it could not even be mounted. */
    private static boolean use(byte[] image, long seed) {
        FakeDevice device = new FakeDevice(image, true);
        FakeMountRequest request = new FakeMountRequest(device, false, "errors=continue");
        ToyKernel kernel;
        try {
            kernel = ToyKernel.mount(device, request);
        } catch (FileSystemException e) {
            assertThat(e.errno()).isPositive();
            assertThat(device.openBuffers()).isZero();
            assertThat(device.dirtyUnits()).isZero();
            return false;
        }
        new Use(kernel, new Random(seed)).directory("", 0);
        kernel.abandon();
        assertThat(device.openBuffers()).as("buffers held").isZero();
        assertThat(request.isUnlocked()).isTrue();
        return true;
    }

    /** A walk over everything that changes something at each file. */
    private static final class Use {
        private final ToyKernel kernel;
        private final Random random;
        private int files;

        Use(ToyKernel kernel, Random random) {
            this.kernel = kernel;
            this.random = random;
        }

        void directory(String path, int depth) {
            FileNode node = kernel.node(path);
            TreeSet<String> names = new TreeSet<>();
            int error = node.list(kernel.context(), 0, (bytes, at, length, number, type, next) -> {
                assertThat(at + length).isLessThanOrEqualTo(bytes.length);
                names.add(new String(bytes, at, length, java.nio.charset.StandardCharsets.ISO_8859_1));
                return names.size() < FILES_MAX;
            });
            assertErrno(error);
            assertErrno(
                    node.create(kernel.context(), ModelFiles.text("new" + depth), ToyKernel.birth(FileMode.S_IFREG)));
            assertErrno(
                    node.create(kernel.context(), ModelFiles.text("dir" + depth), ToyKernel.birth(FileMode.S_IFDIR)));
            for (String name : names) {
                if (!name.equals(".") && !name.equals("..") && files++ < FILES_MAX) {
                    entry(node, path, name, depth);
                }
            }
        }

        private void entry(FileNode parent, String directory, String name, int depth) {
            byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            long number = parent.lookup(kernel.context(), bytes);
            assertErrno(number);
            if (number <= 0) {
                return;
            }
            FileNode node;
            try {
                node = kernel.node(number);
            } catch (FileSystemException e) {
                assertThat(e.errno()).isPositive();
                return;
            }
            FileAttributes attributes = new FileAttributes();
            node.readAttributes(attributes);
            boolean isDirectory = FileMode.isDirectory(attributes.mode);
            if (isDirectory && depth < DEPTH_MAX && name.indexOf('/') < 0 && isPlain(name)) {
                directory(directory.isEmpty() ? name : directory + "/" + name, depth + 1);
            } else if (FileMode.isRegular(attributes.mode)) {
                regular(node, attributes);
            } else if (FileMode.isLink(attributes.mode)) {
                link(node);
            }
            if (random.nextInt(3) == 0 && number != Geometry.ROOT_INODE) {
                assertErrno(
                        isDirectory
                                ? parent.rmdir(kernel.context(), bytes, node)
                                : parent.unlink(kernel.context(), bytes, node));
                kernel.evictIfUnused(number);
            }
        }

        private boolean isPlain(String name) {
            return name.chars().allMatch(c -> c > 32 && c < 127);
        }

        private void regular(FileNode node, FileAttributes attributes) {
            long blocks = Math.min(attributes.sizeBytes / 1024 + 2, 400);
            for (long index = 0; index < blocks; index++) {
                assertBlock(node.mapBlock(kernel.context(), index, false));
            }
            assertBlock(node.mapBlock(kernel.context(), random.nextInt(600), true));
            assertBlock(node.mapBlock(kernel.context(), random.nextInt(100_000), true));
            if (random.nextBoolean()) {
                assertErrno(node.resize(kernel.context(), random.nextInt(600_000)));
            }
            assertErrno(node.writeAttributes(kernel.context(), attributes));
        }

        private void link(FileNode node) {
            try {
                assertThat(node.readLink(kernel.context())).hasSizeLessThan(1024);
            } catch (FileSystemException e) {
                assertThat(e.errno()).isPositive();
            }
        }

        private void assertBlock(long block) {
            assertErrno(block);
            if (block > 0) {
                Ext2Volume volume = (Ext2Volume) kernel.fileSystem();
                assertThat(volume.groups().isData(block)).as("block %d", block).isTrue();
            }
        }
    }

    private static void assertErrno(long result) {
        assertThat(result).isGreaterThanOrEqualTo(-4095);
    }
}
