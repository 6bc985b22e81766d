// SPDX-License-Identifier: Apache-2.0
package integration.tests.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.MMAP;
import static kernel.uapi.SystemCallNumber.MSYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fs.ext2.Ext2FileSystemType;
import hardware.machine.bus.BusDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import kernel.core.KernelConfig;
import kernel.uapi.MountFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import testkit.TestKernel;
import userland.libc.DirectoryEntry;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** Does a mounted disk give the answers that a tmpfs gives, does everything reach the disk, and what when it cannot? Checked with the host's e2fsck. */
class DiskFileSystemTest {
    private static final Path MKE2FS = Path.of("/usr/sbin/mke2fs");
    private static final Path E2FSCK = Path.of("/usr/sbin/e2fsck");
    private static final int STEPS = 400;
    private static final String[] NAMES = {"a", "b", "c", "d"};

    @TempDir
    private Path directory;

    private TestKernel kernel = TestKernel.boot(KernelConfig.deterministic(1));
    private BusDevice card;
    private RamDisk disk;
    private AssertionError failure;

    private void boot(KernelConfig config) {
        kernel.close();
        kernel = TestKernel.boot(config);
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    private byte[] image(int blockBytes) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(MKE2FS), "mke2fs is not installed");
        Path image = directory.resolve("image");
        host(MKE2FS, "-q", "-F", "-t", "ext2", "-b", "" + blockBytes, image.toString(), "8M");
        return Files.readAllBytes(image);
    }

    private static void host(Path tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool.toString()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void assertClean() throws IOException, InterruptedException {
        Path image = directory.resolve("after");
        Files.write(image, disk.content);
        host(E2FSCK, "-fn", image.toString());
    }

    private void plugIn(byte[] content) {
        kernel.kernel().fileSystems().register(new Ext2FileSystemType(), null);
        card = kernel.plug(new EmptyCard());
        disk = kernel.bind(
                card,
                "ram",
                bound -> new RamDisk(bound, kernel.kernel().machine().memory(), content));
    }

    /** Runs a program that must end well. */
    private void run(Consumer<Libc> body) {
        int status = kernel.run("test", libc -> {
            try {
                body.accept(libc);
                return 0;
            } catch (AssertionError e) {
                failure = e;
                return 1;
            }
        });
        if (failure != null) {
            throw failure;
        }
        assertThat(status).as(kernel.log()).isZero();
    }

    private static long mount(Libc libc, int flags) {
        return libc.raw().mount("/dev/ram0", "/mnt", "ext2", flags, "");
    }

    private static long write(Libc libc, String path, String text, int flags) {
        long fd = libc.raw().open(path, flags, 0644);
        if (fd < 0) {
            return fd;
        }
        try (var arena = libc.arena()) {
            byte[] bytes = text.getBytes(UTF_8);
            long count = libc.raw().write((int) fd, arena.bytes(bytes, 0, bytes.length), bytes.length);
            libc.close((int) fd);
            return count;
        }
    }

    private static String read(Libc libc, String path) {
        int fd = libc.open(path, O_RDONLY);
        StringBuilder text = new StringBuilder();
        long buffer = libc.ioBuffer();
        for (int n = libc.read(fd, buffer, 4096); n > 0; n = libc.read(fd, buffer, 4096)) {
            byte[] bytes = new byte[n];
            libc.processor().load(buffer, bytes, 0, n);
            text.append(new String(bytes, UTF_8));
        }
        libc.close(fd);
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 4096})
    void whatIsWrittenIsThereAfterUmountAndMount(int blockBytes) throws Exception {
        plugIn(image(blockBytes));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            libc.mkdir("/mnt/directory", 0750);
            assertThat(write(libc, "/mnt/directory/file", "hello", O_CREAT | O_WRONLY))
                    .isEqualTo(5);
            libc.symlink("directory/file", "/mnt/link");
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertClean();
        run(libc -> {
            assertThat(mount(libc, MountFlags.MS_RDONLY)).isZero();
            assertThat(read(libc, "/mnt/link")).isEqualTo("hello");
            assertThat(libc.stat("/mnt/directory").mode() & 0777).isEqualTo(0750);
            assertThat(write(libc, "/mnt/new", "x", O_CREAT | O_WRONLY)).isEqualTo(-EROFS);
            assertThat(libc.raw().mkdir("/mnt/directory", 0700)).isEqualTo(-EEXIST);
            assertThat(libc.raw().unlink("/mnt/link")).isEqualTo(-EROFS);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
    }

    @Test
    void mountRefusesWithTheErrnoOfLinux() throws Exception {
        byte[] image = image(4096);
        plugIn(image);
        run(libc -> {
            libc.mkdir("/tmp/other", 0755);
            assertThat(libc.raw().mount("/dev/ram0", "/mnt", "nothing", 0, "")).isEqualTo(-ENODEV);
            assertThat(libc.raw().mount("/dev/null", "/mnt", "ext2", 0, "")).isEqualTo(-ENOTBLK);
            assertThat(libc.raw().mount("/dev/ram1", "/mnt", "ext2", 0, "")).isEqualTo(-ENOENT);
            assertThat(libc.raw().mount("/dev/ram0", "/dev/null", "ext2", 0, ""))
                    .isEqualTo(-ENOTDIR);
            assertThat(libc.raw().umount2("/mnt", 0)).isEqualTo(-EINVAL);
            assertThat(mount(libc, 0)).isZero();
            assertThat(libc.raw().mount("/dev/ram0", "/tmp/other", "ext2", 0, ""))
                    .isEqualTo(-EBUSY);
            int fd = libc.open("/mnt", O_RDONLY);
            assertThat(libc.raw().umount2("/mnt", 0)).isEqualTo(-EBUSY);
            libc.close(fd);
            libc.chdir("/mnt");
            assertThat(libc.raw().umount2("/mnt", 0)).isEqualTo(-EBUSY);
            libc.chdir("/");
            libc.mkdir("/mnt/inner", 0755);
            assertThat(libc.raw().mount("none", "/mnt/inner", "tmpfs", 0, "")).isZero();
            assertThat(libc.raw().rmdir("/mnt/inner")).isEqualTo(-EBUSY);
            assertThat(libc.raw().umount2("/mnt", 0)).isEqualTo(-EBUSY);
            assertThat(libc.raw().umount2("/mnt/inner", 0)).isZero();
            assertThat(read(libc, "/proc/mounts")).contains("/dev/ram0 /mnt ext2 rw,relatime 0 0");
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
            assertThat(read(libc, "/proc/mounts")).doesNotContain("/mnt");
        });
        Arrays.fill(disk.content, 1024, 2048, (byte) 0);
        run(libc -> assertThat(mount(libc, 0)).isEqualTo(-EINVAL));
        assertThat(kernel.log()).contains("EXT2-fs (ram0)");
    }

    @Test
    void anUnlinkedFileLivesUntilItIsClosedAndASyncedDirectoryIsOnTheDisk() throws Exception {
        plugIn(image(1024));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            int fd = libc.open("/mnt/file", O_CREAT | O_RDWR);
            libc.write(fd, libc.ioBuffer(), 20000);
            libc.unlink("/mnt/file");
            assertThat(libc.fstat(fd).sizeBytes()).isEqualTo(20000);
            assertThat(libc.raw().fsync(fd)).isZero();
            libc.close(fd);
            libc.mkdir("/mnt/new", 0755);
            int top = libc.open("/mnt", O_RDONLY);
            assertThat(libc.raw().fsync(top)).isZero();
            assertThat(kernel.kernel().pageCache().dirtyPages()).isZero();
            libc.close(top);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertClean();
    }

    @Test
    void aLazyUmountEndsWhenTheLastFileIsClosed() throws Exception {
        plugIn(image(1024));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            int fd = libc.open("/mnt/file", O_CREAT | O_RDWR);
            assertThat(libc.raw().umount2("/mnt", MountFlags.MNT_DETACH)).isZero();
            assertThat(libc.raw().open("/mnt/file", O_RDONLY, 0)).isEqualTo(-ENOENT);
            assertThat(mount(libc, 0)).isEqualTo(-EBUSY);
            libc.write(fd, libc.ioBuffer(), 5000);
            libc.close(fd);
            assertThat(mount(libc, 0)).isZero();
            assertThat(libc.stat("/mnt/file").sizeBytes()).isEqualTo(5000);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertClean();
    }

    @Test
    void fsyncTellsOfWhatCouldNotBeWritten() throws Exception {
        plugIn(image(4096));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            int fd = libc.open("/mnt/file", O_CREAT | O_RDWR);
            int other = libc.open("/mnt/file", O_RDONLY);
            libc.write(fd, libc.ioBuffer(), 8192);
            disk.fails = request -> request.operation().isWrite();
            assertThat(libc.raw().fsync(fd)).isEqualTo(-EIO);
            disk.fails = request -> false;
            assertThat(libc.raw().fsync(fd)).isZero();
            assertThat(libc.raw().fsync(other)).isEqualTo(-EIO);
            libc.close(fd);
            libc.close(other);
            libc.raw().umount2("/mnt", 0);
        });
    }

    @Test
    void aDiskThatIsPulledOutLeavesErrorsAndNothingHangs() throws Exception {
        plugIn(image(4096));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            assertThat(write(libc, "/mnt/file", "hello", O_CREAT | O_WRONLY)).isEqualTo(5);
            libc.raw().sync();
        });
        kernel.unplug(card);
        run(libc -> {
            assertThat(read(libc, "/mnt/file")).isEqualTo("hello");
            int fd = libc.open("/mnt/file", O_RDWR);
            libc.write(fd, libc.ioBuffer(), 4096);
            assertThat(libc.raw().fsync(fd)).isIn((long) -EIO, (long) -ENODEV);
            libc.close(fd);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
            assertThat(libc.raw().open("/mnt/file", O_RDONLY, 0)).isEqualTo(-ENOENT);
        });
    }

    private void shell(String line) {
        var process = kernel.kernel().spawn("/bin/sh", new String[] {"sh", "-c", line}, new String[] {"PATH=/bin"});
        kernel.runUntil(() -> !process.isAlive());
    }

    @Test
    void theProgramsSayWhatThoseOfLinuxSay() throws Exception {
        plugIn(image(1024));
        userland.bin.BinDirectory.executables().forEach(kernel.kernel().executables()::register);
        shell("mount /dev/ram0 /mnt > /tmp/out 2>&1; mount -t ext2 >> /tmp/out; mount /dev/ram0 /tmp >> /tmp/out 2>&1");
        shell(
                "dd if=/dev/zero of=/mnt/big bs=64K count=10 conv=fsync 2> /tmp/dd; df -hT /mnt > /tmp/df; df -i /mnt >> /tmp/df");
        shell(
                "truncate -s 5000 /mnt/big; cp /mnt/big /tmp/big; cmp /mnt/big /tmp/big > /tmp/cmp 2>&1; echo $? >> /tmp/cmp");
        shell("umount /tmp 2> /tmp/umount; umount /mnt 2>> /tmp/umount; sync; echo $? >> /tmp/umount");
        shell("echo 1500 > /proc/sys/vm/dirty_expire_centisecs; cat /proc/sys/vm/dirty_expire_centisecs > /tmp/vm");
        run(libc -> {
            assertThat(read(libc, "/tmp/out")).isEqualTo("""
                    /dev/ram0 on /mnt type ext2 (rw,relatime)
                    mount: /tmp: /dev/ram0 already mounted or mount point busy.
                    """);
            assertThat(read(libc, "/tmp/dd")).startsWith("10+0 records in\n10+0 records out\n655360 bytes");
            assertThat(read(libc, "/tmp/df")).containsPattern("""
                    Filesystem +Type +Size +Used +Avail +Use% Mounted on
                    /dev/ram0 +ext2 +[0-9.]+M +6[0-9]+K +[0-9.]+M +[0-9]+% /mnt
                    Filesystem +Inodes +IUsed +IFree +IUse% Mounted on
                    /dev/ram0 +[0-9]+ +12 +[0-9]+ +1% /mnt
                    """);
            assertThat(read(libc, "/tmp/cmp")).isEqualTo("0\n");
            assertThat(read(libc, "/tmp/umount")).isEqualTo("umount: /tmp: not mounted.\n0\n");
            assertThat(read(libc, "/tmp/vm")).isEqualTo("1500\n");
        });
        assertClean();
    }

    @Test
    void aMappedFileIsTheFile() throws Exception {
        plugIn(image(1024));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            assertThat(write(libc, "/mnt/file", "0123456789".repeat(1000), O_CREAT | O_WRONLY))
                    .isEqualTo(10_000);
            int fd = libc.open("/mnt/file", O_RDWR);
            long shared = libc.raw().call(MMAP, 0, 12288, 3, 1, fd, 0);
            long copy = libc.raw().call(MMAP, 0, 12288, 3, 2, fd, 0);
            assertThat(shared).isPositive();
            assertThat(libc.processor().loadByte(shared + 5000)).isEqualTo((byte) '0');
            libc.processor().storeByte(shared + 5000, (byte) 'x');
            libc.processor().storeByte(copy + 5001, (byte) 'y');
            String text = read(libc, "/mnt/file");
            assertThat(text.substring(4999, 5003)).isEqualTo("9x12");
            assertThat(write(libc, "/mnt/file", "AB", O_WRONLY)).isEqualTo(2);
            assertThat(libc.processor().loadByte(shared)).isEqualTo((byte) 'A');
            assertThat(libc.raw().call(MSYNC, shared, 12288, 4)).isZero();
            libc.processor().storeByte(shared + 9000, (byte) 'z');
            libc.raw().sync();
            libc.processor().storeByte(shared + 9001, (byte) 'z');
            assertThat(libc.raw().ftruncate(fd, 9002)).isZero();
            libc.close(fd);
            assertThat(libc.raw().umount2("/mnt", 0)).isEqualTo(-EBUSY);
            libc.munmap(shared, 12288);
            libc.munmap(copy, 12288);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
            assertThat(mount(libc, 0)).isZero();
            assertThat(read(libc, "/mnt/file"))
                    .hasSize(9002)
                    .startsWith("AB2")
                    .endsWith("zz")
                    .contains("89x123");
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertClean();
    }

    @Test
    void directTransfersAndBufferedOnesSeeTheSameBytes() throws Exception {
        plugIn(image(1024));
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            int buffered = libc.open("/mnt/file", O_CREAT | O_RDWR, 0644);
            int direct = libc.open("/mnt/file", O_RDWR | O_DIRECT);
            long memory = libc.mmap(1 << 16);
            Random random = new Random(3);
            byte[] model = new byte[1 << 16];
            int size = 0;
            for (int step = 0; step < 120; step++) {
                boolean isDirect = random.nextBoolean();
                int unit = isDirect ? 512 : 1;
                int at = random.nextInt(40_000 / unit) * unit;
                int length = (1 + random.nextInt(12_000 / unit)) * unit;
                int fd = isDirect ? direct : buffered;
                libc.lseek(fd, at, 0);
                if (random.nextBoolean()) {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    libc.processor().store(memory, bytes, 0, length);
                    assertThat(libc.write(fd, memory, length)).isEqualTo(length);
                    System.arraycopy(bytes, 0, model, at, length);
                    size = Math.max(size, at + length);
                } else {
                    int expected = Math.max(0, Math.min(length, size - at));
                    assertThat(libc.read(fd, memory, length)).isEqualTo(expected);
                    byte[] bytes = new byte[expected];
                    libc.processor().load(memory, bytes, 0, expected);
                    assertThat(bytes).as("step " + step).isEqualTo(Arrays.copyOfRange(model, at, at + expected));
                }
            }
            assertThat(libc.raw().read(direct, memory + 1, 512)).isEqualTo(-EINVAL);
            libc.close(buffered);
            libc.close(direct);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertClean();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("ubend.campaign") ? 200 : 4);
    }

    /** The same random calls on a tmpfs and on the disk: the same answers, the same trees; and the disk is in order afterwards, and the same when mounted again. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theAnswersAreThoseOfATmpfs(long seed) throws Exception {
        boot(KernelConfig.deterministic(seed));
        plugIn(image(1024 << seed % 3));
        String[] described = new String[1];
        run(libc -> {
            Random random = new Random(seed);
            assertThat(mount(libc, 0)).isZero();
            libc.mkdir("/tmp/top", 0755);
            libc.mkdir("/mnt/top", 0755);
            for (int step = 0; step < STEPS; step++) {
                String path = path(random);
                String other = path(random);
                int operation = random.nextInt(12);
                long inMemory = perform(libc, operation, "/tmp/top" + path, "/tmp/top" + other, other);
                long onDisk = perform(libc, operation, "/mnt/top" + path, "/mnt/top" + other, other);
                assertThat(onDisk)
                        .as("step %d: operation %d of %s and %s", step, operation, path, other)
                        .isEqualTo(inMemory);
                if (step % 100 == 0) {
                    assertThat(describe(libc, "/mnt/top")).isEqualTo(describe(libc, "/tmp/top"));
                }
            }
            described[0] = describe(libc, "/tmp/top");
            assertThat(describe(libc, "/mnt/top")).isEqualTo(described[0]);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertClean();
        run(libc -> {
            assertThat(mount(libc, 0)).isZero();
            assertThat(describe(libc, "/mnt/top")).isEqualTo(described[0]);
            assertThat(libc.raw().umount2("/mnt", 0)).isZero();
        });
        assertThat(kernel.kernel().pageCache().dirtyPages()).isZero();
        assertThat(kernel.kernel().pageCache().cachedPages()).isZero();
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    private static long perform(Libc libc, int operation, String path, String other, String text) {
        return switch (operation) {
            case 0, 1 -> libc.raw().mkdir(path, 0777);
            case 2 -> libc.raw().rmdir(path);
            case 3 -> libc.raw().unlink(path);
            case 4, 5 -> libc.raw().rename(path, other);
            case 6 -> libc.raw().link(path, other);
            case 7 -> write(libc, path, text.repeat(300), O_WRONLY | O_CREAT | O_APPEND);
            case 8 -> libc.raw().truncate(path, text.length() * 700L);
            case 9 -> libc.raw().symlink(text, path);
            case 10 -> libc.raw().chmod(path, 0700 + text.length());
            default -> write(libc, path, text, O_WRONLY | O_CREAT | O_EXCL);
        };
    }

    private static String describe(Libc libc, String path) {
        StringBuilder text = new StringBuilder();
        libc.listDirectory(path).stream()
                .map(DirectoryEntry::name)
                .filter(name -> !name.equals(".") && !name.equals(".."))
                .sorted()
                .forEach(name -> {
                    String below = path + "/" + name;
                    FileStatus status = libc.lstat(below);
                    text.append(name)
                            .append(' ')
                            .append(Integer.toOctalString(status.mode()))
                            .append(' ')
                            .append(status.links())
                            .append('=');
                    if (status.isDirectory()) {
                        text.append('{').append(describe(libc, below)).append('}');
                    } else if (status.isLink()) {
                        text.append("->").append(libc.readlink(below));
                    } else {
                        text.append(status.sizeBytes()).append(' ').append(content(libc, below));
                    }
                    text.append(' ');
                });
        return text.toString();
    }

    private static String content(Libc libc, String path) {
        try {
            return Integer.toString(read(libc, path).hashCode());
        } catch (SystemCallException e) {
            return e.text();
        }
    }
}
