// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Does a file of the host keep what was promised, and is a wrong file refused and left alone? */
@Timeout(120)
final class ImageTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("disk.img");
    }

    private TestDisk open(String... more) {
        String[] parameters = new String[more.length + 1];
        System.arraycopy(more, 0, parameters, 0, more.length);
        parameters[more.length] = "image=" + file();
        return new TestDisk(parameters).start();
    }

    private static void pull(TestDisk disk) {
        assertThat(disk.machine.bus().detach("ssd0")).isTrue();
    }

    private void refused(String message, String... parameters) throws IOException {
        byte[] before = Files.readAllBytes(file());
        String[] all = Arrays.copyOf(parameters, parameters.length + 1);
        all[parameters.length] = "image=" + file();
        assertThatThrownBy(() -> new SsdModel(TestDisk.parameters(all)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void whatWasFlushedIsThereInTheNextLifeAndFormatsToo() {
        TestDisk disk = open("capacity=1M");
        for (int page = 0; page < 100; page++) {
            assertThat(disk.write(page * 8L, 8, TestDisk.page(page + 1))).isZero();
        }
        assertThat(disk.flush()).isZero();
        disk.write(0, 8, TestDisk.page(999));
        pull(disk);
        TestDisk again = open();
        for (int page = 1; page < 100; page++) {
            assertThat(TestDisk.contentOf(again.readBlocks(page * 8L, 8, 4096))).isEqualTo(page + 1);
        }
        assertThat(TestDisk.contentOf(again.readBlocks(0, 8, 4096))).isIn(1, 999);
        assertThat(ControllerTest.health(again, 112)).isEqualTo(2);
        TestDisk.check(again.admin(again.command(0x80).word(10, 1)));
        pull(again);
        TestDisk third = open("capacity=1M");
        assertThat(third.io(third.rangeCommand(NvmOpcode.READ, 255, 1)).status())
                .isZero();
        assertThat(third.io(third.rangeCommand(NvmOpcode.READ, 256, 1)).status())
                .isEqualTo(Status.LBA_OUT_OF_RANGE);
        pull(third);
    }

    @Test
    void anImageInUseIsRefusedUntilItIsFree() throws IOException {
        TestDisk disk = open("capacity=256K");
        refused("is in use");
        pull(disk);
        pull(open());
        SsdModel never = new SsdModel(TestDisk.parameters("image=" + file()));
        refused("is in use");
        never.close();
        pull(open());
    }

    @Test
    void wrongImagesAreRefusedWithAReason() throws IOException {
        Files.write(file(), new byte[5000]);
        refused("does not begin with UBSSDIMG");
        Files.write(file(), "UBSSDIMG".getBytes(StandardCharsets.US_ASCII));
        refused("truncated");
        Files.delete(file());
        pull(open("capacity=256K"));
        refused("capacity of 262144 bytes, not 1048576", "capacity=1M");
        refused("1 namespaces, not 2", "namespaces=2");
        byte[] good = Files.readAllBytes(file());
        try (RandomAccessFile access = new RandomAccessFile(file().toFile(), "rw")) {
            access.setLength(good.length - 4096);
        }
        refused("truncated");
        byte[] wrong = good.clone();
        wrong[8] = 9;
        Files.write(file(), wrong);
        refused("version 9");
        wrong = good.clone();
        wrong[20] ^= 1;
        Files.write(file(), wrong);
        refused("checksum");
        assertThatThrownBy(() -> new SsdModel(TestDisk.parameters("image=" + folder)))
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> new SsdModel(TestDisk.parameters("image=" + folder.resolve("no/disk.img"))))
                .hasMessageContaining("does not exist");
    }

    @Test
    void aReadOnlyImageIsReadAndNotWritten() throws IOException {
        TestDisk disk = open("capacity=256K");
        disk.writeDurably(0, 8, TestDisk.page(7));
        pull(disk);
        byte[] before = Files.readAllBytes(file());
        TestDisk reader = open("read_only=true");
        assertThat(TestDisk.contentOf(reader.readBlocks(0, 8, 4096))).isEqualTo(7);
        assertThat(reader.write(0, 8, TestDisk.page(8))).isEqualTo(Status.NAMESPACE_WRITE_PROTECTED);
        assertThat(reader.flush()).isZero();
        pull(reader);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void damagedPagesAreErrorsAndNotData() throws IOException {
        TestDisk disk = open("capacity=256K");
        disk.writeDurably(0, 8, TestDisk.page(0x123456));
        disk.writeDurably(8, 8, TestDisk.page(2));
        pull(disk);
        byte[] bytes = Files.readAllBytes(file());
        byte[] wanted = TestDisk.page(0x123456);
        int at = 0;
        while (!Arrays.equals(bytes, at, at + 4096, wanted, 0, 4096)) {
            at += 4096;
        }
        bytes[at + 100] ^= 1;
        Files.write(file(), bytes);
        TestDisk again = open();
        assertThat(again.io(again.rangeCommand(NvmOpcode.READ, 0, 8)).status()).isIn(Status.UNRECOVERED_READ_ERROR, 0);
        assertThat(TestDisk.contentOf(again.readBlocks(8, 8, 4096))).isEqualTo(2);
        pull(again);
    }

    @Test
    void aRawFileIsBlockAfterBlockBothWays() throws IOException {
        byte[] content = new byte[1 << 20];
        System.arraycopy(TestDisk.page(5), 0, content, 8192, 4096);
        Files.write(file(), content);
        TestDisk disk = new TestDisk("raw=" + file()).start();
        assertThat(TestDisk.contentOf(disk.readBlocks(16, 8, 4096))).isEqualTo(5);
        assertThat(disk.write(3, 8, TestDisk.page(6))).isZero();
        assertThat(disk.flush()).isZero();
        assertThat(Arrays.copyOfRange(Files.readAllBytes(file()), 1536, 1536 + 4096))
                .isEqualTo(TestDisk.page(6));
        assertThat(disk.io(disk.rangeCommand(NvmOpcode.READ, 2048, 1)).status()).isEqualTo(Status.LBA_OUT_OF_RANGE);
        pull(disk);
        Files.write(file(), new byte[1000]);
        assertThatThrownBy(() -> new SsdModel(TestDisk.parameters("raw=" + file())))
                .hasMessageContaining("multiple of 512");
        assertThatThrownBy(() -> new SsdModel(TestDisk.parameters("raw=" + folder.resolve("none"))))
                .hasMessageContaining("does not exist");
    }

    @Test
    void whatWasFlushedSurvivesThatTheProcessIsKilled() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int flushed = 0;
        try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
            while (flushed < 40) {
                flushed = Integer.parseInt(said.readLine());
            }
            process.destroyForcibly().waitFor();
        }
        TestDisk disk = open();
        for (int page = 0; page < 60; page++) {
            int found = TestDisk.contentOf(disk.readBlocks(page * 8L, 8, 4096));
            assertThat(found).as("page %d after %d flushes", page, flushed).isGreaterThanOrEqualTo(flushed);
        }
        pull(disk);
    }

    /** A process that writes round after round, and says which round is flushed, until it is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            TestDisk disk = new TestDisk("capacity=1M", "pages_per_block=16", "image=" + arguments[0]).start();
            for (int round = 1; ; round++) {
                for (int page = 0; page < 60; page++) {
                    disk.write(page * 8L, 8, TestDisk.page(round));
                }
                if (disk.flush() == 0) {
                    System.out.println(round);
                }
            }
        }
    }
}
