// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EIO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Consumer;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.core.execution.Exploration;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a completed flush and a completed durable write promise, on devices that know less and more. */
class FlushTest {
    private final BlockLab block = new BlockLab(Lab.deterministic(1));
    private final RamDisk driver = block.newDisk(1, 64);
    private GenericDisk disk;

    @AfterEach
    void close() {
        block.close();
    }

    private void run(kernel.api.block.DiskLimits limits, Consumer<Task> body) {
        driver.writeCache = limits.writeCache();
        block.lab.start("user", self -> {
            disk = block.add(self, driver, 1, 4, "ram0", limits);
            driver.log.clear();
            body.accept(self);
        });
        block.lab.finish();
    }

    private Bio write(long sector) {
        return disk.whole().newBio(1).reset(BlockOperation.WRITE, sector, 0);
    }

    @Test
    void withoutAWriteCacheThereIsNothingToFlush() {
        long memory = block.memory(4096);
        run(BlockLab.limits(), self -> {
            assertThat(disk.whole().flush(self)).isZero();
            Bio bio = write(1).forcedUnitAccess().flushFirst();
            bio.add(memory, 512);
            assertThat(bio.submitAndWait(self)).isZero();
        });
        assertThat(driver.log).containsExactly("WRITE 1+1");
    }

    @Test
    void aDeviceThatCanIsAskedToMakeTheWriteDurable() {
        long memory = block.memory(4096);
        run(BlockLab.withWriteCache(true), self -> {
            Bio bio = write(1).forcedUnitAccess().flushFirst();
            bio.add(memory, 512);
            assertThat(bio.submitAndWait(self)).isZero();
        });
        assertThat(driver.log).containsExactly("FLUSH 0+0", "WRITE fua 1+1");
    }

    @Test
    void forADeviceThatCannotAFlushComesAfterwards() {
        long memory = block.memory(4096);
        run(BlockLab.withWriteCache(false), self -> {
            Bio bio = write(1).forcedUnitAccess().flushFirst();
            bio.add(memory, 512);
            assertThat(bio.submitAndWait(self)).isZero();
        });
        assertThat(driver.log).containsExactly("FLUSH 0+0", "WRITE 1+1", "FLUSH 0+0");
    }

    @Test
    void anEmptyWriteWithAFlushIsAFlush() {
        run(
                BlockLab.withWriteCache(false),
                self -> assertThat(write(0).flushFirst().submitAndWait(self)).isZero());
        assertThat(driver.log).containsExactly("FLUSH 0+0");
    }

    @Test
    void whatFailedIsNotFlushed() {
        long memory = block.memory(4096);
        driver.fails = request -> request.operation() == BlockOperation.WRITE;
        run(BlockLab.withWriteCache(false), self -> {
            Bio bio = write(1).forcedUnitAccess();
            bio.add(memory, 512);
            assertThat(bio.submitAndWait(self)).isEqualTo(-EIO);
        });
        assertThat(driver.log).containsExactly("WRITE 1+1");
    }

    @Test
    void aFlushThatFailsFailsTheWrite() {
        long memory = block.memory(4096);
        driver.fails = request -> request.operation() == BlockOperation.FLUSH;
        run(BlockLab.withWriteCache(false), self -> {
            Bio bio = write(1).forcedUnitAccess();
            bio.add(memory, 512);
            assertThat(bio.submitAndWait(self)).isEqualTo(-EIO);
        });
    }

    @Test
    void manyWhoFlushAtOnceShareAFlush() {
        int[] left = {8};
        run(BlockLab.withWriteCache(false), self -> {
            for (int i = 0; i < 8; i++) {
                Bio bio = disk.whole().newBio(0).reset(BlockOperation.FLUSH, 0, 0);
                bio.onCompletion((context, over) -> left[0]--);
                bio.submit(self);
            }
            while (left[0] > 0) {
                self.sleep(1_000);
            }
        });
        assertThat(driver.log)
                .as("one for the first, one for those who came meanwhile")
                .hasSize(2);
    }

    @Test
    void aFlushCoversWhatWasCompleteBeforeItWasAskedFor() {
        Exploration.of(2, lab -> {
            BlockLab explored = new BlockLab(lab);
            Random random = new Random(lab.seed());
            RamDisk ram = explored.newDisk(2, 64);
            ram.writeCache = true;
            ram.latencyNanos = request -> random.nextInt(3) == 0 ? RamDisk.INLINE : random.nextInt(800);
            GenericDisk[] made = new GenericDisk[1];
            boolean fua = random.nextBoolean();
            lab.start("insmod", self -> made[0] = explored.add(self, ram, 2, 2, "ram0", BlockLab.withWriteCache(fua)));
            lab.run();
            for (int user = 0; user < 3; user++) {
                int me = user;
                long memory = explored.memory(4096);
                lab.machine().memory().fill(memory, 4096, (byte) (me + 1));
                lab.start("user" + user, self -> {
                    Bio bio = made[0].whole().newBio(1);
                    for (int i = 0; i < 3; i++) {
                        int sector = me * 8 + i;
                        bio.reset(BlockOperation.WRITE, sector, 0).add(memory, 512);
                        boolean durable = random.nextBoolean();
                        if (durable) {
                            bio.forcedUnitAccess();
                        }
                        assertThat(bio.submitAndWait(self)).isZero();
                        if (!durable) {
                            assertThat(made[0].whole().flush(self)).isZero();
                        }
                        assertThat(ram.durable()[sector * 512]).isEqualTo((byte) (me + 1));
                    }
                });
            }
            lab.finish();
        });
    }
}
