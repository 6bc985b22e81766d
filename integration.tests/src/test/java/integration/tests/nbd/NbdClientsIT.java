// SPDX-License-Identifier: Apache-2.0
package integration.tests.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.nbd.HostProgram.Result;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does the disk, through the whole stack, please clients that nobody here wrote? Each skips itself where its program is missing. */
final class NbdClientsIT {
    private static final int SIZE_BYTES = 64 << 20;

    @TempDir
    static Path directory;

    private static ExportedDisk disk;

    @BeforeAll
    static void boot() throws IOException {
        disk = ExportedDisk.start(directory, "-t", "simulated");
    }

    @AfterAll
    static void switchOff() {
        disk.close();
        assertThat(disk.socket()).as("nothing is left behind").doesNotExist();
        assertThat(disk.said()).doesNotContain("BUG:", "Oops", "panic", "uncaught");
    }

    private static Path image(String name, int bytes, long seed) throws IOException {
        byte[] content = new byte[bytes];
        new SplittableRandom(seed).nextBytes(content);
        return Files.write(directory.resolve(name), content);
    }

    private static void qemuIo(String... commands) {
        HostProgram.require("qemu-io", "qemu-utils");
        String[] line = new String[2 * commands.length + 4];
        line[0] = "qemu-io";
        line[1] = "-f";
        line[2] = "raw";
        for (int i = 0; i < commands.length; i++) {
            line[2 * i + 3] = "-c";
            line[2 * i + 4] = commands[i];
        }
        line[line.length - 1] = disk.uri();
        assertThat(HostProgram.succeed(line)).doesNotContain("failed", "error");
    }

    @Test
    void nbdinfoTellsSizeAndAbilitiesAndContexts() {
        HostProgram.require("nbdinfo", "libnbd-bin");
        String info = HostProgram.succeed("nbdinfo", disk.uri());
        assertThat(info)
                .contains(
                        "using structured packets",
                        "export-size: " + SIZE_BYTES,
                        "description: simulated",
                        "base:allocation",
                        "is_read_only: false",
                        "can_flush: true",
                        "can_fua: true",
                        "can_multi_conn: true",
                        "can_trim: true",
                        "can_zero: true",
                        "block_size_minimum: 512");
        assertThat(HostProgram.succeed("nbdinfo", "--size", disk.uri()).strip())
                .isEqualTo(Integer.toString(SIZE_BYTES));
        assertThat(HostProgram.succeed("nbdinfo", "--list", disk.uri())).contains("export=\"\"");
    }

    @Test
    void nbdinfoMapTellsZeroesFromData() {
        HostProgram.require("nbdinfo", "libnbd-bin");
        qemuIo("write -z 48M 16M", "write -P 7 50M 1M");
        String map = HostProgram.succeed("nbdinfo", "--map", disk.uri());
        assertThat(map.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("52428800 1048576 0 data", "53477376 13631488 2 zero");
    }

    @Test
    void nbdcopyBringsBackWhatItTookWithOneConnectionAndWithFour() throws IOException {
        HostProgram.require("nbdcopy", "libnbd-bin");
        for (String connections : new String[] {"--connections=1", "--connections=4"}) {
            Path there = image("there", SIZE_BYTES / 2, connections.hashCode());
            Path back = directory.resolve("back");
            HostProgram.succeed("nbdcopy", connections, "--flush", there.toString(), disk.uri());
            HostProgram.succeed("nbdcopy", connections, disk.uri(), back.toString());
            byte[] content = Files.readAllBytes(back);
            assertThat(content).hasSize(SIZE_BYTES);
            assertThat(java.util.Arrays.mismatch(
                            content, 0, SIZE_BYTES / 2, Files.readAllBytes(there), 0, SIZE_BYTES / 2))
                    .as(connections)
                    .isEqualTo(-1);
        }
    }

    @Test
    void qemuWritesPatternsFlushesDiscardsAndZeroes() {
        qemuIo(
                "write -P 0xab 4k 1M",
                "read -P 0xab 4k 1M",
                "flush",
                "write -f -P 0xcd 64k 64k",
                "read -P 0xcd 64k 64k",
                "read -P 0xab 128k 64k",
                "write -z 256k 64k",
                "read -P 0 256k 64k",
                "write -z -u 320k 64k",
                "read -P 0 320k 64k",
                "discard 512k 64k",
                "read -P 0xab 576k 64k",
                "aio_write -P 1 2M 512k",
                "aio_write -P 2 3M 512k",
                "aio_write -P 3 4M 512k",
                "aio_flush",
                "read -P 2 3M 512k");
    }

    @Test
    void partsOfSectorsArrive() {
        qemuIo(
                "write -P 1 10M 64k",
                "write -P 2 10485761 100",
                "write -P 3 10485861 411",
                "write -P 4 10490000 3000",
                "read -P 1 10M 1",
                "read -P 2 10485761 100",
                "read -P 3 10485861 411",
                "read -P 1 10486272 100",
                "read -P 4 10490000 3000",
                "read -P 1 10493000 100");
    }

    @Test
    void fioFindsEveryBlockThatItWroteWith32RequestsUnderWay() {
        HostProgram.require("fio", "fio");
        String output = HostProgram.succeed(
                "fio",
                "--name=job",
                "--ioengine=nbd",
                "--uri=" + disk.uri(),
                "--rw=randwrite",
                "--bs=4k",
                "--size=16m",
                "--offset=16m",
                "--iodepth=32",
                "--verify=crc32c",
                "--verify_fatal=1",
                "--aux-path=" + directory);
        assertThat(output).contains("issued rwts: total=4096,4096").doesNotContain("verify:", "error=");
    }

    @Test
    void aClientThatLiesOrVanishesIsDroppedAndTheOthersGoOn() throws IOException {
        HostProgram.require("nbdinfo", "libnbd-bin");
        long seed = 20260101;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 40; i++) {
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(disk.socket()))) {
                byte[] garbage = new byte[random.nextInt(2000)];
                random.nextBytes(garbage);
                if (i % 2 == 0) {
                    garbage = new byte[] {0, 0, 0, 3, 'I', 'H', 'A', 'V', 'E', 'O', 'P', 'T', 0, 0, 0, 7, -1};
                }
                client.write(ByteBuffer.wrap(garbage));
                if (i % 3 == 0) {
                    client.shutdownOutput();
                    ByteBuffer answer = ByteBuffer.allocate(1 << 16);
                    while (client.read(answer.clear()) > 0) {
                        assertThat(answer.position()).as("seed %d", seed).isPositive();
                    }
                }
            } catch (IOException dropped) {
                assertThat(dropped).as("seed %d", seed).hasMessageMatching("(?i).*(pipe|reset).*");
            }
        }
        assertThat(HostProgram.run("nbdinfo", "--size", disk.uri()))
                .as("seed %d", seed)
                .isEqualTo(new Result(0, SIZE_BYTES + "\n"));
    }
}
