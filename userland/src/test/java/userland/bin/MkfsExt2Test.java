// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kernel.uapi.Errno;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import userland.fake.FakeKernel;

/** What mkfs.ext2 makes, judged by the host's e2fsck and dumpe2fs; and what it says. */
class MkfsExt2Test {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    private Path folder;

    private final FakeKernel kernel = new FakeKernel();

    @BeforeEach
    void files() {
        kernel.files().programs(BinDirectory.executables());
        kernel.environment("PATH", "/bin");
    }

    private FakeKernel.Result make(int bytes, String options) {
        kernel.files().image("/image", bytes);
        List<String> arguments = new ArrayList<>(List.of(options.trim().split(" +")));
        arguments.remove("");
        arguments.add("/image");
        return kernel.run("/bin/mkfs.ext2", arguments.toArray(String[]::new));
    }

    private static Path find(String tool) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private String judge(int expected, String tool, String option) throws IOException, InterruptedException {
        assumeTrue(find(tool) != null, tool + " is missing: apt-get install e2fsprogs");
        Path image = Files.write(folder.resolve("image"), kernel.files().bytes("/image"));
        Process process = new ProcessBuilder(find(tool).toString(), option, image.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(expected);
        return said;
    }

    @ParameterizedTest
    @CsvSource({
        "64,    ''",
        "100,   ''",
        "1024,  ''",
        "1500,  '-b 1024 -I 128'",
        "4096,  '-b 2048 -N 500'",
        "8192,  '-b 4096 -I 512 -m 0'",
        "8193,  '-b 1024 -O none'",
        "8300,  '-b 1024 -O none,filetype'",
        "16400, '-b 1024 -O ^sparse_super -i 2048'",
        "40000, '-b 1024 -I 128 -N 11 -L a-volume'",
        "40000, '-b 1024 -I 1024 -N 30000'",
        "65536, '-b 1024 -O sparse_super,large_file'",
    })
    void whatItMakesIsWhole(int kibibytes, String options) throws IOException, InterruptedException {
        FakeKernel.Result result = make(kibibytes * 1024, options);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        String checked = judge(0, "e2fsck", "-fn");
        assertThat(checked).doesNotContain("Fix").contains("Pass 5");
        assertThat(judge(0, "dumpe2fs", "-f")).contains("Filesystem state:         clean");
    }

    @Test
    void theOptionsAreInTheSuperblock() throws IOException, InterruptedException {
        assertThat(make(20 * MEBIBYTE, "-b 2048 -I 128 -N 1000 -m 10 -L scratch -O ^large_file")
                        .status())
                .isZero();
        assertThat(judge(0, "dumpe2fs", "-h"))
                .contains("Filesystem volume name:   scratch\n")
                .containsPattern("Filesystem features: +filetype sparse_super *\n")
                .contains("Block size:               2048\n")
                .contains("Block count:              10240\n")
                .contains("Reserved block count:     1024\n")
                .contains("Inode count:              1008\n")
                .containsPattern("Inode size:\\s+128\n")
                .contains("Errors behavior:          Continue\n");
    }

    @Test
    void itSaysWhatMke2fsSays() {
        FakeKernel.Result result = make(40 * MEBIBYTE, "");
        assertThat(result.out()).isEqualTo("""
                Creating filesystem with 40960 1k blocks and 10240 inodes
                Filesystem UUID: 04152637-4859-4a7b-8c9d-aebfd0e1f203
                Superblock backups stored on blocks:\s
                \t8193, 24577

                Allocating group tables: done
                Writing inode tables: done
                Writing superblocks and filesystem accounting information: done

                """);
        assertThat(make(40 * MEBIBYTE, "-q").out()).isEmpty();
    }

    @Test
    void tryingChangesNothing() {
        FakeKernel.Result result = make(4 * MEBIBYTE, "-n");
        assertThat(result.out()).isEqualTo("Creating filesystem with 4096 1k blocks and 1024 inodes\n\n");
        assertThat(kernel.files().bytes("/image")).isEqualTo(new byte[4 * MEBIBYTE]);
        assertThat(kernel.count(SystemCallNumber.PWRITE64)).isZero();
    }

    @Test
    void mkfsBecomesTheProgramOfTheType() {
        kernel.files().image("/image", MEBIBYTE);
        FakeKernel.Result result = kernel.run("/bin/mkfs", "-t", "ext2", "-q", "/image");
        assertThat(result.err()).isEmpty();
        assertThat(kernel.files().bytes("/image")[1024 + 56]).isEqualTo((byte) 0x53);
        FakeKernel.Result unknown = kernel.run("/bin/mkfs", "-t", "xfs", "/image");
        assertThat(unknown.err()).isEqualTo("mkfs: failed to execute mkfs.xfs: No such file or directory\n");
        assertThat(unknown.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-b 512        | invalid block size - 512",
                "-b x          | invalid number of -b: 'x'",
                "-I 100        | invalid inode size 100 (min 128/max 1024)",
                "-I 2048       | invalid inode size 2048 (min 128/max 1024)",
                "-m 51         | invalid reserved blocks percent - 51",
                "-m a          | invalid reserved blocks percent - a",
                "-i 100        | invalid inode ratio 100 (min 1024/max 67108864)",
                "-N 0          | bad number of inodes - 0",
                "-O journal    | Invalid filesystem option set: journal",
                "-L 12345678901234567 | label '12345678901234567' is longer than 16 bytes",
            })
    void aWrongCallIsRefused(String options, String message) {
        FakeKernel.Result result = make(MEBIBYTE, options);
        assertThat(result.err()).startsWith("mkfs.ext2: " + message + "\n");
        assertThat(result.status()).isEqualTo(1);
        assertThat(kernel.count(SystemCallNumber.PWRITE64)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1024, 16 * 1024})
    void aDeviceThatIsTooSmallIsRefused(int bytes) {
        FakeKernel.Result result = make(bytes, "-b 1024");
        assertThat(result.err()).isEqualTo("mkfs.ext2: /image: Not enough space to build proposed filesystem\n");
        assertThat(kernel.count(SystemCallNumber.PWRITE64)).isZero();
    }

    @Test
    void tooManyInodesAreRefused() {
        assertThat(make(MEBIBYTE, "-N 5000").err()).contains("too many inodes");
        assertThat(make(MEBIBYTE, "-N 100000").err()).contains("too many inodes (100000), raise inode ratio?");
    }

    @Test
    void aSizeMakesItSmallerThanTheDeviceAndNotLarger() {
        kernel.files().image("/image", 4 * MEBIBYTE);
        assertThat(kernel.run("/bin/mkfs.ext2", "/image", "2M").out()).startsWith("Creating filesystem with 2048 1k");
        assertThat(kernel.run("/bin/mkfs.ext2", "/image", "1000").out()).startsWith("Creating filesystem with 1000 1k");
        assertThat(kernel.run("/bin/mkfs.ext2", "/image", "5M").err()).contains("is larger than the device");
    }

    @Test
    void aFailedWriteIsToldAndTheSuperblockIsNotThere() {
        kernel.inject(SystemCallNumber.PWRITE64, 2048, -Errno.EIO);
        FakeKernel.Result result = make(MEBIBYTE, "");
        assertThat(result.err()).isEqualTo("mkfs.ext2: /image: Input/output error while writing the file system\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void shortWritesAreContinued() throws IOException, InterruptedException {
        kernel.limit(SystemCallNumber.WRITE, 700);
        assertThat(make(MEBIBYTE, "").status()).isZero();
        assertThat(judge(0, "e2fsck", "-fn")).contains("Pass 5");
    }

    @Test
    void whatIsNeitherADiskNorAFileIsRefused() {
        kernel.files().directory("/d");
        assertThat(kernel.run("/bin/mkfs.ext2", "/d").err())
                .isEqualTo("mkfs.ext2: /d is not a block special device.\n");
        assertThat(kernel.run("/bin/mkfs.ext2", "/nothing").err())
                .isEqualTo("mkfs.ext2: /nothing: No such file or directory\n");
    }
}
