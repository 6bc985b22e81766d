// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.ssd.control.Statistic;
import hardware.ssd.registers.HealthLog;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.Status;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does the translation layer keep every page, whatever flash does? */
final class FlashTest {
    /** Overwrites the whole disk several times at random, with flushes and deallocation, and reads everything back. */
    private static TestDisk overwrite(long seed, int rounds, String... parameters) {
        TestDisk disk = new TestDisk(seed, parameters).start();
        SplittableRandom random = new SplittableRandom(seed);
        int pages = (int) (TestDisk.parameters(parameters).capacityBytes() / 4096);
        int[] expected = new int[pages];
        for (int i = 0; i < rounds * pages; i++) {
            int page = random.nextInt(pages);
            int dice = random.nextInt(100);
            if (dice < 2) {
                assertThat(disk.flush()).isZero();
            } else if (dice < 5) {
                TestDisk.check(disk.io(disk.rangeCommand(NvmOpcode.WRITE_ZEROES, page, 1)));
                expected[page] = 0;
            } else {
                int content = 1 + i % 0xfffff;
                assertThat(disk.write(page, 1, TestDisk.page(content))).isZero();
                expected[page] = content;
            }
        }
        verify(disk, expected);
        return disk;
    }

    private static void verify(TestDisk disk, int[] expected) {
        for (int page = 0; page < expected.length; page++) {
            assertThat(TestDisk.contentOf(disk.readBlocks(page, 1, 4096)))
                    .as("page %d", page)
                    .isEqualTo(expected[page]);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aDiskThatIsOverwrittenAtRandomKeepsEverything(long seed) {
        TestDisk disk =
                overwrite(seed, 12, "capacity=1M", "block_size=4096", "pages_per_block=16", "channels=2", "dies=1");
        assertThat(disk.model.statistic(Statistic.BLOCKS_COLLECTED)).isPositive();
        assertThat(disk.model.statistic(Statistic.PAGES_PROGRAMMED))
                .isGreaterThan(disk.model.statistic(Statistic.HOST_PAGES));
    }

    @Test
    void alsoWithLatency() {
        overwrite(4, 8, "capacity=512K", "block_size=4096", "pages_per_block=8", "profile=nvme");
    }

    @Test
    void alsoWithBadBlocksAndFailures() {
        TestDisk disk = overwrite(
                5,
                10,
                "capacity=1M",
                "block_size=4096",
                "pages_per_block=8",
                "factory_bad=0.05",
                "program_failure=0.002",
                "erase_failure=0.002",
                "read_retry=0.2",
                "overprovision=100");
        assertThat(disk.model.statistic(Statistic.GROWN_BAD_BLOCKS)).isPositive();
        assertThat(disk.model.statistic(Statistic.FACTORY_BAD_BLOCKS)).isPositive();
        assertThat(disk.model.statistic(Statistic.READ_RETRIES)).isPositive();
        assertThat(ControllerTest.health(disk, HealthLog.AVAILABLE_SPARE - 3) >>> 24)
                .isLessThan(100);
    }

    @Test
    void wearIsLevelThoughOnePageIsWrittenAgainAndAgain() {
        TestDisk disk = new TestDisk(
                        "capacity=512K", "block_size=4096", "pages_per_block=4", "channels=1", "dies=2", "cache=0")
                .start();
        for (int page = 0; page < 128; page++) {
            disk.write(page, 1, TestDisk.page(page + 1));
        }
        for (int i = 0; i < 12_000; i++) {
            disk.writeDurably(i % 4, 1, TestDisk.page(1000 + i));
        }
        long least = disk.model.statistic(Statistic.LEAST_WEAR);
        long most = disk.model.statistic(Statistic.MOST_WEAR);
        assertThat(most).isGreaterThan(30);
        assertThat(most - least).isLessThan(20);
        assertThat(disk.model.statistic(Statistic.BLOCKS_LEVELLED)).isPositive();
        for (int page = 4; page < 128; page++) {
            assertThat(TestDisk.contentOf(disk.readBlocks(page, 1, 4096))).isEqualTo(page + 1);
        }
    }

    @Test
    void aDiskThatIsWornOutTakesNoMoreAndLosesNothing() {
        TestDisk disk = new TestDisk(
                        "capacity=256K",
                        "block_size=4096",
                        "pages_per_block=4",
                        "channels=1",
                        "dies=1",
                        "endurance=4",
                        "overprovision=0")
                .start();
        int[] expected = new int[64];
        int status = 0;
        for (int i = 0; status == 0 && i < 100_000; i++) {
            status = disk.writeDurably(i % 64, 1, TestDisk.page(i + 1));
            expected[i % 64] = status == 0 ? i + 1 : expected[i % 64];
        }
        assertThat(status).isEqualTo(Status.WRITE_TO_READ_ONLY_RANGE);
        verify(disk, expected);
        assertThat(ControllerTest.health(disk, 0) & 0xff)
                .isEqualTo(
                        HealthLog.WARNING_SPARE | (HealthLog.WARNING_READ_ONLY | (ControllerTest.health(disk, 0) & 4)));
    }

    @Test
    void aLostPageIsAnErrorUntilItIsWrittenAgain() {
        TestDisk disk = new TestDisk("capacity=256K", "block_size=4096", "read_loss=1", "cache=0").start();
        disk.write(3, 1, TestDisk.page(1));
        TestDisk.Completion lost = disk.io(disk.rangeCommand(NvmOpcode.READ, 3, 1));
        assertThat(lost.status()).isEqualTo(Status.UNRECOVERED_READ_ERROR);
        assertThat(ControllerTest.health(disk, HealthLog.MEDIA_ERRORS)).isEqualTo(1);
        disk.write(4, 1, TestDisk.page(2));
        assertThat(disk.readBlocks(5, 1, 4096)).containsOnly(0);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        String[] parameters = {
            "capacity=512K",
            "block_size=4096",
            "pages_per_block=8",
            "profile=worn-out",
            "program_failure=0.01",
            "overprovision=200"
        };
        TestDisk first = overwrite(9, 4, parameters);
        TestDisk second = overwrite(9, 4, parameters);
        assertThat(second.timeline.now()).isEqualTo(first.timeline.now());
        assertThat(second.model.steps()).isEqualTo(first.model.steps());
        for (Statistic statistic : Statistic.values()) {
            assertThat(second.model.statistic(statistic))
                    .as(statistic.name())
                    .isEqualTo(first.model.statistic(statistic));
        }
    }
}
