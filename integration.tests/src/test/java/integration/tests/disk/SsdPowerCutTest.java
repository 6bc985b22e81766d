// SPDX-License-Identifier: Apache-2.0
package integration.tests.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drivers.ssd.SsdDriver;
import fs.ext2.Ext2FileSystemType;
import hardware.machine.bus.BusDevice;
import hardware.ssd.SsdModel;
import hardware.ssd.SsdParameters;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import kernel.api.device.BoundDevice;
import kernel.core.process.SpawnedProcess;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import testkit.TestKernel;
import userland.bin.BinDirectory;
import userland.libc.Libc;

/**
 * Power cut at a step of the firmware of a disk with ext2 on it, through all that is in between. Afterwards the host's e2fsck finds nothing or repairs it,
 * and each file that was synced with its directory is there, byte for byte.
 */
class SsdPowerCutTest {
    private static final Path E2FSCK = Path.of("/usr/sbin/e2fsck");
    private static final Path DEBUGFS = Path.of("/usr/sbin/debugfs");
    private static final String NODE = "/dev/ssd0";
    private static final int DISK_BYTES = 2 << 20;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int OPERATIONS = 200;
    private static final int SYNC_EVERY = 5;
    private static final int UNREPAIRED = 4;
    private static final boolean CAMPAIGN = Boolean.getBoolean("ubend.campaign");
    private static final long SEED = 7;

    @TempDir
    private Path directory;

    private Path image;

    private SsdModel disk() {
        return new SsdModel(SsdParameters.of(
                Map.of("capacity", "2M", "profile", "nvme", "cache", "64K", "image", image.toString())));
    }

    private static BusDevice bind(TestKernel kernel, SsdModel model) {
        BusDevice device = kernel.plug(model);
        kernel.bind(device, "ssd", SsdPowerCutTest::probe);
        kernel.kernel().fileSystems().register(new Ext2FileSystemType(), null);
        return device;
    }

    /** The module's parameters are the defaults of an annotation that only the driver sees. */
    private static SsdDriver probe(BoundDevice device) {
        var constructor = SsdDriver.class.getConstructors()[0];
        Class<?> type = constructor.getParameterTypes()[1];
        Object defaults = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> method.getDefaultValue());
        try {
            return (SsdDriver) constructor.newInstance(device, defaults);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the driver does not probe", e);
        }
    }

    private void format() throws IOException {
        image = directory.resolve("formatted");
        try (TestKernel kernel = TestKernel.exploring(SEED, 2)) {
            BusDevice device = bind(kernel, disk());
            String[] words = {"mkfs.ext2", "-q", NODE};
            SpawnedProcess mkfs = kernel.kernel()
                    .spawn(BinDirectory.executables().get("/bin/mkfs.ext2"), words, new String[] {"PATH=/bin"});
            kernel.runUntil(() -> !mkfs.isAlive());
            assertThat(mkfs.exitStatus()).as(kernel.log()).isZero();
            assertThat(kernel.unbind(device)).isTrue();
            kernel.unplug(device);
        }
    }

    private static byte[] content(int number) {
        byte[] bytes = new byte[1 + number * 137 % 6_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + (number + i) % 26);
        }
        return bytes;
    }

    /** Makes files, and syncs some of them, until the end or the first error. Old ones that nobody was promised are removed. */
    private static void work(Libc libc, Map<Integer, byte[]> promised) {
        if (libc.raw().mount(NODE, "/mnt", "ext2", 0, "") != 0) {
            return;
        }
        int root = libc.open("/mnt", OpenFlags.O_RDONLY);
        long memory = libc.mmap(8192);
        for (int number = 1; number <= OPERATIONS; number++) {
            byte[] bytes = content(number);
            int fd = (int) libc.raw().open("/mnt/f" + number, OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0644);
            if (fd < 0) {
                return;
            }
            libc.processor().store(memory, bytes, 0, bytes.length);
            boolean good = libc.raw().write(fd, memory, bytes.length) == bytes.length;
            if (number % SYNC_EVERY == 0) {
                good = good
                        && libc.raw().call(SystemCallNumber.FSYNC, fd) == 0
                        && libc.raw().call(SystemCallNumber.FSYNC, root) == 0;
                if (good) {
                    promised.put(number, bytes);
                }
            } else if (number % SYNC_EVERY == 2) {
                good = good && libc.raw().unlink("/mnt/f" + (number - 1)) == 0;
            }
            libc.raw().close(fd);
            if (!good) {
                return;
            }
        }
    }

    /** A run with a cut at that step; 0 for none. How many steps there were. */
    private long run(Path formatted, long cut) throws IOException, InterruptedException {
        image = directory.resolve("image");
        Files.copy(formatted, image, StandardCopyOption.REPLACE_EXISTING);
        TreeMap<Integer, byte[]> promised = new TreeMap<>();
        long steps;
        try (TestKernel kernel = TestKernel.exploring(SEED, 2)) {
            SsdModel model = disk();
            BusDevice device = bind(kernel, model);
            long before = model.steps();
            if (cut > 0) {
                model.powerCutAfterSteps(cut);
            }
            kernel.run("work", libc -> {
                work(libc, promised);
                return 0;
            });
            steps = model.steps() - before;
            if (cut == 0) {
                assertThat(promised).hasSize(OPERATIONS / SYNC_EVERY);
                model.powerCut();
            }
            kernel.unplug(device);
        }
        check(dump(), promised, "cut at step " + cut);
        return steps;
    }

    /** The disk after it was switched on again, as a file of the host. */
    private Path dump() throws IOException {
        byte[] content = new byte[DISK_BYTES];
        try (TestKernel kernel = TestKernel.exploring(SEED, 2)) {
            BusDevice device = bind(kernel, disk());
            int status = kernel.run("dump", libc -> {
                int fd = libc.open(NODE, OpenFlags.O_RDONLY | OpenFlags.O_DIRECT);
                long memory = libc.mmap(CHUNK_BYTES);
                for (int at = 0; at < DISK_BYTES; at += CHUNK_BYTES) {
                    if (libc.raw().call(SystemCallNumber.PREAD64, fd, memory, CHUNK_BYTES, at, 0, 0) != CHUNK_BYTES) {
                        return 1;
                    }
                    libc.processor().load(memory, content, at, CHUNK_BYTES);
                }
                return 0;
            });
            assertThat(status).as(kernel.log()).isZero();
            kernel.unplug(device);
        }
        return Files.write(directory.resolve("dump"), content);
    }

    private static void check(Path dump, Map<Integer, byte[]> promised, String when)
            throws IOException, InterruptedException {
        Process e2fsck = new ProcessBuilder(E2FSCK.toString(), "-fy", dump.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(e2fsck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(e2fsck.waitFor()).as(when + "\n" + said).isLessThan(UNREPAIRED);
        for (int number : promised.keySet()) {
            Process cat = new ProcessBuilder(DEBUGFS.toString(), "-R", "cat /f" + number, dump.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(cat.getInputStream().readAllBytes())
                    .as(when + ", file " + number)
                    .isEqualTo(promised.get(number));
            assertThat(cat.waitFor()).isZero();
        }
    }

    @Test
    void whatWasSyncedIsThereAfterAPowerCutAtAnyStep() throws IOException, InterruptedException {
        for (Path tool : List.of(E2FSCK, DEBUGFS)) {
            assumeTrue(Files.isExecutable(tool), tool + " is not installed");
        }
        format();
        Path formatted = image;
        long steps = run(formatted, 0);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < (CAMPAIGN ? 2_000 : 12); i++) {
            run(formatted, 1 + random.nextLong(steps));
        }
    }
}
