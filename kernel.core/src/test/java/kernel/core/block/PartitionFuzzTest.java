// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import kernel.core.execution.Lab;
import org.junit.jupiter.api.Test;

/** Whatever is where a partition table should be, the disk comes up with partitions that are on it and apart from each other. */
class PartitionFuzzTest {
    private static final int SEEDS = 2_000;
    private static final int SECTORS = 256;

    @Test
    void nothingOnADiskDoesHarm() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            try (BlockLab block = new BlockLab(Lab.deterministic(1))) {
                RamDisk driver = block.newDisk(1, SECTORS);
                spoil(driver, random);
                GenericDisk[] disk = new GenericDisk[1];
                block.lab.start("insmod", self -> disk[0] = block.add(self, driver, 1, 4, "ram0", BlockLab.limits()));
                block.lab.finish();
                check(disk[0].partitions().parts(), seed);
            }
        }
    }

    private static void spoil(RamDisk driver, Random random) {
        TableImage image = new TableImage(driver.content());
        if (random.nextBoolean()) {
            image.gpt(40, 49, random.nextInt(SECTORS), random.nextInt(SECTORS), random.nextLong(), random.nextLong());
        } else {
            for (int i = 0; i < 4; i++) {
                int type = random.nextInt(3) == 0 ? 0x05 : 0x83;
                image.mbr(0, i, type, random.nextInt(SECTORS + 20), random.nextInt(40));
                image.mbr(random.nextInt(SECTORS), i, 0x05, random.nextInt(SECTORS), random.nextInt(40));
            }
        }
        int harm = random.nextInt(6);
        for (int i = 0; i < harm; i++) {
            int area = random.nextBoolean() ? 1536 : driver.content().length;
            driver.content()[random.nextInt(area)] = (byte) random.nextInt();
        }
        if (random.nextInt(4) == 0) {
            driver.fails = request -> random.nextInt(3) == 0;
        }
    }

    private static void check(List<BlockPart> parts, long seed) {
        long[] owners = new long[SECTORS];
        for (BlockPart part : parts) {
            for (long sector = part.startSector(); sector < part.startSector() + part.sectors(); sector++) {
                assertThat(owners[(int) sector])
                        .as("seed %d, sector %d", seed, sector)
                        .isZero();
                owners[(int) sector] = part.number();
            }
        }
    }
}
