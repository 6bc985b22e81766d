// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.core.process.SpawnedProcess;
import kernel.uapi.Errno;
import kernel.uapi.MountFlags;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import testkit.KernelTest;
import testkit.TestKernel;
import userland.bin.BinDirectory;
import userland.libc.Arena;
import userland.libc.Libc;

/** From mkfs to umount inside a whole kernel, through system calls, page cache and block layer; the host's tools look at the disk afterwards. */
class EndToEndTest {
    private static final String NODE = "/dev/ram0";

    /** Each test is run by a fresh instance, more than once: static, and below it a folder for each run. */
    @TempDir
    static Path folders;

    private static Path newFolder() throws IOException {
        return Files.createTempDirectory(folders, "run");
    }

    @BeforeAll
    static void tools() {
        HostTool.assumePresent();
    }

    private static RamDisk plug(TestKernel kernel, int bytes) {
        RamDisk disk = new RamDisk(bytes);
        BusDevice device = kernel.plug(disk);
        RamDisk _ = kernel.bind(
                device,
                "ram",
                bound -> disk.probe(bound, kernel.kernel().machine().memory()));
        assertThat(kernel.kernel().fileSystems().register(new Ext2FileSystemType(), null))
                .isTrue();
        return disk;
    }

    private static int program(TestKernel kernel, String... words) {
        SpawnedProcess process = kernel.kernel()
                .spawn(BinDirectory.executables().get("/bin/" + words[0]), words, new String[] {"PATH=/bin"});
        kernel.runUntil(() -> !process.isAlive());
        return process.exitStatus() >> 8;
    }

    private static long mount(Libc libc, long flags, String options) {
        try (Arena arena = libc.arena()) {
            return libc.raw()
                    .call(
                            SystemCallNumber.MOUNT,
                            arena.string(NODE),
                            arena.string("/mnt"),
                            arena.string("ext2"),
                            flags,
                            arena.string(options),
                            0);
        }
    }

    private static long umount(Libc libc) {
        try (Arena arena = libc.arena()) {
            return libc.raw().call(SystemCallNumber.UMOUNT2, arena.string("/mnt"), 0);
        }
    }

    private static void write(Libc libc, String path, byte[] bytes) {
        int fd = libc.open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, 0644);
        long memory = libc.mmap(Math.max(1, bytes.length));
        libc.processor().store(memory, bytes, 0, bytes.length);
        int done = 0;
        while (done < bytes.length) {
            done += libc.write(fd, memory + done, bytes.length - done);
        }
        libc.munmap(memory, Math.max(1, bytes.length));
        libc.close(fd);
    }

    private static byte[] read(Libc libc, String path) {
        int fd = libc.open(path, OpenFlags.O_RDONLY);
        byte[] bytes = new byte[(int) libc.fstat(fd).sizeBytes()];
        long memory = libc.mmap(Math.max(1, bytes.length));
        int done = 0;
        int count = 1;
        while (done < bytes.length && count > 0) {
            count = libc.read(fd, memory + done, bytes.length - done);
            done += count;
        }
        libc.processor().load(memory, bytes, 0, done);
        libc.munmap(memory, Math.max(1, bytes.length));
        libc.close(fd);
        return bytes;
    }

    private static void assertHostSees(RamDisk disk, ModelFiles model) throws IOException {
        Path folder = newFolder();
        Path image = Files.write(folder.resolve("image"), disk.content());
        HostTool.assertClean(image);
        Path out = Files.createDirectory(folder.resolve("out"));
        String said = HostTool.debugfs(image, "rdump / " + out);
        assertThat(out).as(said).isDirectory();
        model.assertSame(out);
    }

    @KernelTest
    void whatProgramsWriteIsOnTheDiskAfterUmount(TestKernel kernel) throws IOException {
        RamDisk disk = plug(kernel, 8 << 20);
        assertThat(program(kernel, "mkfs.ext2", "-q", NODE)).isZero();
        ModelFiles model = new ModelFiles();
        Random random = new Random(1);
        assertThat(kernel.run("work", libc -> {
                    assertThat(mount(libc, 0, "")).isZero();
                    for (String directory : new String[] {"a", "a/b", "c"}) {
                        libc.mkdir("/mnt/" + directory, 0755);
                        model.entries().put(directory, ModelFiles.DIRECTORY);
                    }
                    int[] sizes = {0, 1, 4096, 5000, 300_000, 1_000_000};
                    for (int i = 0; i < sizes.length; i++) {
                        ModelFiles.Content content = new ModelFiles.Content();
                        content.bytes = new byte[sizes[i]];
                        random.nextBytes(content.bytes);
                        write(libc, "/mnt/a/b/file" + i, content.bytes);
                        model.entries().put("a/b/file" + i, content);
                    }
                    libc.symlink("b/file2", "/mnt/a/link");
                    model.entries().put("a/link", "b/file2");
                    libc.link("/mnt/a/b/file3", "/mnt/c/hard");
                    model.entries().put("c/hard", model.get("a/b/file3"));
                    libc.rename("/mnt/a/b/file4", "/mnt/c/moved");
                    model.move("a/b/file4", "c/moved");
                    libc.unlink("/mnt/a/b/file1");
                    model.entries().remove("a/b/file1");
                    assertThat(read(libc, "/mnt/c/moved")).isEqualTo(((ModelFiles.Content) model.get("c/moved")).bytes);
                    return 0;
                }))
                .isZero();
        assertThat(program(kernel, "cp", "-r", "/mnt/a", "/mnt/copy")).isZero();
        for (String path : new ArrayList<>(model.entries().keySet())) {
            if (path.equals("a") || path.startsWith("a/")) {
                Object value = model.get(path);
                // cp follows links.
                model.entries()
                        .put("copy" + path.substring(1), value instanceof String ? model.get("a/b/file2") : value);
            }
        }
        assertThat(kernel.run("umount", libc -> (int) -umount(libc))).isZero();
        assertHostSees(disk, model);
    }

    @KernelTest
    void whatTheHostMadeIsReadAndAnswersErrnos(TestKernel kernel) throws IOException {
        Path folder = newFolder();
        RamDisk disk = plug(kernel, 4 << 20);
        ModelFiles model = new ModelFiles();
        ModelFiles.Content content = new ModelFiles.Content();
        content.bytes = new byte[100_000];
        new Random(4).nextBytes(content.bytes);
        model.entries().put("file", content);
        model.entries().put("dir", ModelFiles.DIRECTORY);
        model.entries().put("dir/file", content);
        Path source = Files.createDirectory(folder.resolve("source"));
        model.write(source);
        Path image = HostTool.makeFileSystem(folder.resolve("image"), "-b 1024 -d " + source, "4M");
        byte[] bytes = Files.readAllBytes(image);
        System.arraycopy(bytes, 0, disk.content(), 0, bytes.length);
        assertThat(kernel.run("work", libc -> {
                    assertThat(mount(libc, MountFlags.MS_RDONLY, "")).isZero();
                    assertThat(mount(libc, 0, "")).isEqualTo(-Errno.EBUSY);
                    assertThat(Arrays.equals(read(libc, "/mnt/file"), content.bytes))
                            .isTrue();
                    assertThat(Arrays.equals(read(libc, "/mnt/dir/file"), content.bytes))
                            .isTrue();
                    assertThat(libc.raw().mkdir("/mnt/x", 0755)).isEqualTo(-Errno.EROFS);
                    assertThat(libc.raw().open("/mnt/nobody", OpenFlags.O_RDONLY, 0))
                            .isEqualTo(-Errno.ENOENT);
                    assertThat(libc.listDirectory("/mnt").stream()
                                    .map(entry -> entry.name())
                                    .toList())
                            .contains("file", "dir", "lost+found");
                    assertThat(umount(libc)).isZero();
                    assertThat(mount(libc, 0, "frobnicate")).isEqualTo(-Errno.EINVAL);
                    assertThat(umount(libc)).isEqualTo(-Errno.EINVAL);
                    return 0;
                }))
                .isZero();
        assertThat(disk.content()).as("a read-only mount changes nothing").isEqualTo(bytes);
    }

    @KernelTest
    void aFullDiskSaysSoAndIsWhole(TestKernel kernel) throws IOException {
        RamDisk disk = plug(kernel, 1 << 20);
        assertThat(program(kernel, "mkfs.ext2", "-q", "-m", "0", NODE)).isZero();
        ModelFiles model = new ModelFiles();
        assertThat(kernel.run("work", libc -> {
                    assertThat(mount(libc, 0, "")).isZero();
                    int fd = libc.open("/mnt/large", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0644);
                    long memory = libc.mmap(65536);
                    long result = 1;
                    long size = 0;
                    while (result > 0) {
                        result = libc.raw().write(fd, memory, 65536);
                        size += Math.max(0, result);
                    }
                    assertThat(result).isEqualTo(-Errno.ENOSPC);
                    assertThat(size).isGreaterThan(700_000);
                    ModelFiles.Content content = new ModelFiles.Content();
                    content.bytes = new byte[(int) size];
                    model.entries().put("large", content);
                    libc.close(fd);
                    return (int) -umount(libc);
                }))
                .isZero();
        assertHostSees(disk, model);
    }

    @KernelTest
    void whatWasSyncedIsThereWhenTheMachineStops(TestKernel kernel) throws IOException {
        RamDisk disk = plug(kernel, 4 << 20);
        assertThat(program(kernel, "mkfs.ext2", "-q", NODE)).isZero();
        byte[] data = new byte[50_000];
        new Random(7).nextBytes(data);
        byte[][] stopped = new byte[1][];
        assertThat(kernel.run("work", libc -> {
                    assertThat(mount(libc, 0, "")).isZero();
                    libc.mkdir("/mnt/d", 0755);
                    write(libc, "/mnt/d/file", data);
                    int fd = libc.open("/mnt/d/file", OpenFlags.O_RDWR);
                    assertThat(libc.raw().call(SystemCallNumber.FSYNC, fd)).isZero();
                    stopped[0] = disk.content().clone();
                    libc.close(fd);
                    return (int) -umount(libc);
                }))
                .isZero();
        Path image = Files.write(newFolder().resolve("image"), stopped[0]);
        HostTool.Result repair = HostTool.run("e2fsck", List.of("-f", "-y", image.toString()));
        assertThat(repair.status()).as(repair.output()).isLessThanOrEqualTo(1);
        ToyKernel after = ToyKernel.mount(FakeDevice.of(image), true, "");
        assertThat(Arrays.equals(after.read("d/file"), data)).isTrue();
    }
}
