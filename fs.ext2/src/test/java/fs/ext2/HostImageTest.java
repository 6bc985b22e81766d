// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host's tools made is read here, and what is written here the host's tools find right: content by content. */
class HostImageTest {
    private static final int OPERATIONS = Effort.of(600, 4_000);
    private static final int SEEDS = Effort.of(1, 20);

    @TempDir
    private Path folder;

    @BeforeAll
    static void tools() {
        HostTool.assumePresent();
    }

    /** Options of mke2fs: block and inode sizes, revisions, features. */
    static Stream<String> shapes() {
        return Stream.of(
                "-b 1024 -I 128",
                "-b 1024 -I 256 -g 1024",
                "-b 2048 -I 128",
                "-b 4096 -I 256",
                "-b 1024 -I 128 -r 0 -O none",
                "-b 1024 -O none,filetype -I 128",
                "-b 4096 -O none -I 128",
                "-b 1024 -O ^sparse_super,^resize_inode -I 128 -g 2048",
                "-b 1024 -O meta_bg,^resize_inode -g 512",
                "-b 2048 -O ext_attr,dir_index,resize_inode,large_file -I 256");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> shapesAndSeeds() {
        return shapes().flatMap(shape -> IntStream.range(0, SEEDS)
                .mapToObj(seed -> org.junit.jupiter.params.provider.Arguments.of(shape, (long) seed)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatTheHostWroteIsReadHere(String shape) throws IOException {
        ModelFiles model = specimen();
        Path source = Files.createDirectory(folder.resolve("source"));
        model.write(source);
        Path image = HostTool.makeFileSystem(folder.resolve("image"), shape + " -d " + source, "24M");
        FakeDevice device = FakeDevice.of(image);
        byte[] before = device.disk().clone();
        ToyKernel kernel = ToyKernel.mount(device, true, "");
        model.assertSame(kernel);
        kernel.unmount();
        assertThat(device.disk()).as("a read-only mount changes nothing").isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("shapesAndSeeds")
    void whatIsWrittenHereTheHostFindsRight(String shape, long seed) {
        Path image = HostTool.makeFileSystem(folder.resolve("image"), shape, "24M");
        FakeDevice device = FakeDevice.of(image);
        ToyKernel kernel = ToyKernel.mount(device);
        ModelFiles model = new ModelFiles();
        RandomWorkload workload = new RandomWorkload(seed, kernel, model, 3_000_000);
        for (int i = 0; i < OPERATIONS; i++) {
            workload.step();
        }
        model.assertSame(kernel);
        kernel.unmount();
        assertThat(kernel.log()).filteredOn(line -> line.contains("error")).isEmpty();
        assertHostAgrees(device, image, model);
        ToyKernel again = ToyKernel.mount(device, true, "");
        model.assertSame(again);
    }

    private void assertHostAgrees(FakeDevice device, Path image, ModelFiles model) {
        device.save(image);
        HostTool.assertClean(image);
        Path out = folder.resolve("out");
        try {
            Files.createDirectory(out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        String said = HostTool.debugfs(image, "rdump / " + out);
        assertThat(out).as(said).isDirectory();
        model.assertSame(out);
    }

    /** A directory with an index by hashes, as ext3 and e2fsck -D make it, is a list to us; when it changes it is a list to everybody. */
    @ParameterizedTest
    @ValueSource(strings = {"-b 1024 -O dir_index", "-b 4096 -O dir_index"})
    void anIndexedDirectoryIsReadAndChangedAsAList(String shape) throws IOException {
        ModelFiles model = new ModelFiles();
        for (String directory : List.of("changed", "unchanged")) {
            model.entries().put(directory, ModelFiles.DIRECTORY);
            for (int i = 0; i < 600; i++) {
                model.entries().put(directory + "/a-rather-long-name-" + i, new ModelFiles.Content());
            }
        }
        Path source = Files.createDirectory(folder.resolve("source"));
        model.write(source);
        Path image = HostTool.makeFileSystem(folder.resolve("image"), shape + " -N 2000 -d " + source, "16M");
        HostTool.run("e2fsck", List.of("-f", "-y", "-D", image.toString()));
        assertThat(HostTool.debugfs(image, "stat /changed")).contains("Flags: 0x1000");
        FakeDevice device = FakeDevice.of(image);
        ToyKernel kernel = ToyKernel.mount(device);
        model.assertSame(kernel);
        for (int i = 0; i < 600; i += 2) {
            assertThat(kernel.unlink("changed/a-rather-long-name-" + i)).isZero();
            model.entries().remove("changed/a-rather-long-name-" + i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(kernel.mkdir("changed/d" + i)).isPositive();
            model.entries().put("changed/d" + i, ModelFiles.DIRECTORY);
        }
        kernel.unmount();
        assertHostAgrees(device, image, model);
        assertThat(HostTool.debugfs(image, "stat /changed")).contains("Flags: 0x0");
        assertThat(HostTool.debugfs(image, "stat /unchanged")).contains("Flags: 0x1000");
    }

    /** Files at each border of direct and indirect blocks, holes, links of both kinds, deep and wide directories. */
    private static ModelFiles specimen() {
        ModelFiles model = new ModelFiles();
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 1023, 1024, 12 * 1024, 12 * 1024 + 1, 268 * 1024, 300_000, 1_500_000}) {
            ModelFiles.Content content = new ModelFiles.Content();
            content.bytes = new byte[size];
            random.nextBytes(content.bytes);
            model.entries().put("file" + size, content);
        }
        ModelFiles.Content hole = new ModelFiles.Content();
        hole.write(2_000_000, ModelFiles.text("behind a hole"));
        model.entries().put("hole", hole);
        model.entries().put("short-link", "file1");
        model.entries().put("link59", "x".repeat(59));
        model.entries().put("link60", "x".repeat(60));
        model.entries().put("long-link", "y".repeat(700));
        String path = "";
        for (int depth = 0; depth < 30; depth++) {
            path = path + (depth == 0 ? "" : "/") + "d" + depth;
            model.entries().put(path, ModelFiles.DIRECTORY);
        }
        model.entries().put("wide", ModelFiles.DIRECTORY);
        for (int i = 0; i < 300; i++) {
            model.entries().put("wide/" + "w".repeat(1 + i % 200) + i, new ModelFiles.Content());
        }
        return model;
    }
}
