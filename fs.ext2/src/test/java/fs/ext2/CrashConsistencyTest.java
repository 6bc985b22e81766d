// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power goes at any moment, with a device that has a volatile write cache: what was flushed is there, of the rest any part. The host's e2fsck puts the file system
 * right, and each file that was synced and not changed since is where it was, byte for byte.
 */
class CrashConsistencyTest {
    private static final int OPERATIONS = 200;
    private static final int CUTS = Effort.of(40, Integer.MAX_VALUE);
    private static final int SEEDS = Effort.of(2, 10);
    /** On a disk so small that what is freed is soon used again. */
    private static final List<String> SHAPES =
            List.of("-b 1024 -I 128 -g 256 -N 256 -m 0", "-b 4096 -I 256 -N 128 -m 0");

    @TempDir
    private Path folder;

    /** What a file must hold, and where it may be found: its names, those that it may have lost included. */
    private static final class Promise {
        final ModelFiles.Content content;
        final byte[] bytes;
        final Set<String> paths;

        Promise(ModelFiles.Content content, byte[] bytes, Set<String> paths) {
            this.content = content;
            this.bytes = bytes;
            this.paths = paths;
        }
    }

    /** A workload that now and then syncs, and notes what it was promised. */
    private static final class SyncingWorkload extends RandomWorkload {
        private List<Promise> promises = new ArrayList<>();

        SyncingWorkload(long seed, ToyKernel kernel) {
            super(seed, kernel, new ModelFiles(), 120_000);
        }

        @Override
        void step() {
            super.step();
            kernel().writeSome(random());
            List<String> files = model().paths(ModelFiles.Content.class);
            if (random().nextInt(3) == 0 && !files.isEmpty()) {
                String path = files.get(random().nextInt(files.size()));
                assertThat(kernel().fsync(path)).isZero();
                ModelFiles.Content content = (ModelFiles.Content) model().get(path);
                drop(content);
                promises.add(new Promise(content, content.bytes.clone(), names(content)));
                note();
            }
            if (random().nextInt(60) == 0) {
                assertThat(kernel().sync()).isZero();
                promises = new ArrayList<>();
                for (String path : files) {
                    ModelFiles.Content content = (ModelFiles.Content) model().get(path);
                    drop(content);
                    promises.add(new Promise(content, content.bytes.clone(), names(content)));
                }
                note();
            }
        }

        private void note() {
            List<Promise> copies = new ArrayList<>();
            for (Promise promise : promises) {
                copies.add(new Promise(promise.content, promise.bytes, new TreeSet<>(promise.paths)));
            }
            kernel().device().note(copies);
        }

        private Set<String> names(ModelFiles.Content content) {
            Set<String> names = new TreeSet<>();
            model().entries().forEach((path, value) -> {
                if (value == content) {
                    names.add(path);
                }
            });
            return names;
        }

        private void drop(ModelFiles.Content content) {
            promises.removeIf(promise -> promise.content == content);
        }

        @Override
        void willChange(ModelFiles.Content content) {
            drop(content);
            note();
        }

        @Override
        void willUnlink(String path, ModelFiles.Content content) {
            if (content.names == 1) {
                drop(content);
                note();
            }
        }

        @Override
        void willLink(ModelFiles.Content content, String newPath) {
            promises.stream()
                    .filter(promise -> promise.content == content)
                    .forEach(promise -> promise.paths.add(newPath));
            note();
        }

        @Override
        void willMove(String path, String newPath) {
            for (Promise promise : promises) {
                for (String old : List.copyOf(promise.paths)) {
                    if (old.equals(path) || old.startsWith(path + "/")) {
                        promise.paths.add(newPath + old.substring(path.length()));
                    }
                }
            }
            note();
        }
    }

    @BeforeAll
    static void tools() {
        HostTool.assumePresent();
    }

    static Stream<Arguments> shapesAndSeeds() {
        return SHAPES.stream()
                .flatMap(shape -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(shape, (long) seed)));
    }

    @ParameterizedTest
    @MethodSource("shapesAndSeeds")
    void whatWasSyncedSurvivesAPowerCutAtAnyMoment(String shape, long seed) {
        Path image = HostTool.makeFileSystem(folder.resolve("image"), shape, "600k");
        FakeDevice device = FakeDevice.of(image);
        byte[] before = device.disk().clone();
        ToyKernel kernel = ToyKernel.mount(device);
        device.record();
        SyncingWorkload workload = new SyncingWorkload(seed, kernel);
        for (int i = 0; i < OPERATIONS; i++) {
            workload.step();
        }
        List<FakeDevice.Event> events = device.events();
        int cuts = Math.min(CUTS, events.size());
        Random random = new Random(seed);
        int checked = 0;
        for (int i = 0; i < cuts; i++) {
            int cut = cuts == events.size() ? i : random.nextInt(events.size());
            checked += checkCut(image, before, events, cut, random);
        }
        assertThat(checked).as("promises that were looked at").isPositive();
    }

    private static int checkCut(Path image, byte[] before, List<FakeDevice.Event> events, int cut, Random random) {
        FakeDevice device = new FakeDevice(afterCut(before, events, cut, random), true);
        device.save(image);
        HostTool.Result repair = HostTool.run("e2fsck", List.of("-f", "-y", image.toString()));
        assertThat(repair.status()).as("cut at %d: %s", cut, repair.output()).isLessThanOrEqualTo(1);
        HostTool.assertClean(image);
        ToyKernel kernel = ToyKernel.mount(FakeDevice.of(image), true, "");
        List<Promise> promises = promisesAt(events, cut);
        for (Promise promise : promises) {
            assertThat(promise.paths)
                    .as(
                            "cut at %d of %d, %d bytes; e2fsck: %s",
                            cut, events.size(), promise.bytes.length, repair.output())
                    .anyMatch(path -> Arrays.equals(kernel.readIfThere(path), promise.bytes));
        }
        return promises.size();
    }

    /** What the medium holds: all that was written before the last flush, and of what came later this and that. */
    private static byte[] afterCut(byte[] before, List<FakeDevice.Event> events, int cut, Random random) {
        int flushed = 0;
        for (int i = 0; i < cut; i++) {
            flushed = events.get(i).isFlush() ? i : flushed;
        }
        int kept = random.nextInt(5);
        byte[] image = before.clone();
        for (int i = 0; i < cut; i++) {
            FakeDevice.Event event = events.get(i);
            if (event.bytes != null && (i < flushed || random.nextInt(4) < kept)) {
                System.arraycopy(event.bytes, 0, image, (int) event.position, event.bytes.length);
            }
        }
        return image;
    }

    @SuppressWarnings("unchecked")
    private static List<Promise> promisesAt(List<FakeDevice.Event> events, int cut) {
        List<Promise> promises = List.of();
        for (int i = 0; i < cut; i++) {
            if (events.get(i).note != null) {
                promises = (List<Promise>) events.get(i).note;
            }
        }
        return promises;
    }

    /** The judge judged: a kernel whose fsync forgets the metadata is found out. */
    @Test
    void aSyncThatWritesNoMetadataWouldBeSeen() {
        Path image = HostTool.makeFileSystem(folder.resolve("image"), SHAPES.getFirst(), "4M");
        FakeDevice device = FakeDevice.of(image);
        ToyKernel kernel = ToyKernel.mount(device);
        assertThat(kernel.create("file", FileMode.S_IFREG | 0644)).isPositive();
        assertThat(kernel.write("file", 0, new byte[5000])).isZero();
        byte[] cutBefore = device.disk().clone();
        assertThat(kernel.fsync("file")).isZero();
        assertThat(readAfterRepair(image, device.disk(), "file")).hasSize(5000);
        assertThat(readAfterRepair(image, cutBefore, "file")).isNull();
    }

    private static byte[] readAfterRepair(Path image, byte[] disk, String path) {
        new FakeDevice(disk, true).save(image);
        assertThat(HostTool.run("e2fsck", List.of("-f", "-y", image.toString())).status())
                .isLessThanOrEqualTo(1);
        return ToyKernel.mount(FakeDevice.of(image), true, "").readIfThere(path);
    }
}
