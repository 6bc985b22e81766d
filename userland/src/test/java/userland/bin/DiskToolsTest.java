// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import userland.fake.FakeKernel;

/** The programs about disks, on a /proc and a /sys of texts. */
class DiskToolsTest {
    private final FakeKernel kernel = new FakeKernel();

    @BeforeEach
    void programs() {
        kernel.files().programs(BinDirectory.executables());
    }

    private FakeKernel.Result run(String command) {
        String[] words = command.split(" +", -1);
        return kernel.run("/bin/" + words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    private void attributes(String path, int minor, long sectors) {
        kernel.file("/sys/block/" + path + "/dev", "259:" + minor + "\n");
        kernel.file("/sys/block/" + path + "/size", sectors + "\n");
        kernel.file("/sys/block/" + path + "/ro", "0\n");
    }

    private void disk() {
        attributes("ssd0", 0, 3L << 20);
        kernel.file("/sys/block/ssd0/removable", "0\n");
        for (int number : new int[] {2, 1}) {
            attributes("ssd0/ssd0p" + number, number, 100L << number);
            kernel.file("/sys/block/ssd0/ssd0p" + number + "/partition", number + "\n");
        }
        kernel.file("/proc/mounts", "none / rootfs rw 0 0\n/dev/ssd0p1 /mnt ext2 rw 0 0\n");
    }

    @Test
    void lsblkDrawsDisksAndTheirPartitions() {
        disk();
        assertThat(run("lsblk").out()).isEqualTo("""
                        NAME     MAJ:MIN RM SIZE RO TYPE MOUNTPOINTS
                        ssd0     259:0    0 1.5G  0 disk\s
                        ├─ssd0p1 259:1    0 100K  0 part /mnt
                        └─ssd0p2 259:2    0 200K  0 part\s
                        """);
        assertThat(run("lsblk -dnb").out()).isEqualTo("ssd0 259:0    0 1610612736  0 disk \n");
        assertThat(run("lsblk -np /dev/ssd0p2").out()).startsWith("/dev/ssd0p2 259:2");
    }

    @Test
    void lsblkKnowsWhatIsNoDisk() {
        disk();
        FakeKernel.Result result = run("lsblk /dev/nothing");
        assertThat(result.err()).isEqualTo("lsblk: /dev/nothing: not a block device\n");
        assertThat(result.status()).isEqualTo(32);
        assertThat(run("lsblk /dev/nothing ssd0").status()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({"0, 0B", "512, 512B", "1024, 1K", "1536, 1.5K", "1048575, 1M", "1099511627776, 1T"})
    void sizesAreShort(long bytes, String text) {
        assertThat(Lsblk.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"512, 512", "4k, 4096", "1M, 1048576", "2GiB, 2147483648", "x, -1", "-1, -1", "9999999999999T, -1"})
    void byteCountsAreRead(String text, long bytes) {
        assertThat(ByteCount.parse(text)).isEqualTo(bytes);
    }

    @Test
    void iostatCountsWhatDisksHaveDone() {
        kernel.file("/proc/stat", "cpu 1 2 3\ncpu0 1 2 3\ncpu1 0 0 0\n");
        kernel.file("/proc/uptime", "10.00 1.00\n");
        kernel.file("/proc/diskstats", """
                 259       0 ssd0 100 50 2000 500 10 0 80 20 0 1000 520 0 0 0 0 5 10
                 259       1 ssd0p1 1 0 8 1 0 0 0 0 0 0 0 0 0 0 0 0 0
                 259       2 ssd1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
                """);
        kernel.file("/sys/class/block/ssd0p1/partition", "1\n");
        String out = run("iostat").out();
        assertThat(out)
                .contains("(2 CPU)\n")
                .contains(
                        "Device             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd\n")
                .contains(
                        "ssd0             11.00       100.00         4.00         0.00       1000         40          0\n")
                .contains("ssd1 ")
                .doesNotContain("ssd0p1");
        assertThat(run("iostat -pz").out()).contains("ssd0p1").doesNotContain("ssd1 ");
        assertThat(run("iostat -x ssd0").out())
                .contains("r_await")
                .contains("ssd0            10.00    100.00     5.00  33.33    5.00    10.00")
                .contains("10.00\n");
        assertThat(run("iostat 0").err()).startsWith("iostat: an interval and a count are at least 1\n");
    }

    @Test
    void wrongCallsAreExplained() {
        assertThat(run("blockdev").err()).startsWith("blockdev: no command given\n");
        assertThat(run("blockdev --getsize64").err()).startsWith("blockdev: no device given\n");
        assertThat(run("blockdev --fly /dev/ssd0").err()).startsWith("blockdev: Unknown command: --fly\n");
        assertThat(run("blockdev --getss /dev/none").err())
                .isEqualTo("blockdev: cannot open /dev/none: No such file or directory\n");
        assertThat(run("blkdiscard").err()).startsWith("blkdiscard: no device specified\n");
        assertThat(run("blkdiscard /dev/none").err())
                .isEqualTo("blkdiscard: cannot open /dev/none: No such file or directory\n");
    }
}
