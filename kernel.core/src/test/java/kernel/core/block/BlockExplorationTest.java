// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kernel.api.block.Bio;
import kernel.api.block.BlockDriver.TimeoutAction;
import kernel.api.block.BlockOperation;
import kernel.api.block.DiskLimits;
import kernel.core.execution.Exploration;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The block layer under many schedules: data against an array of bytes, and disks that go at the worst moment. */
class BlockExplorationTest {
    private static final int REGION = 16;

    @ParameterizedTest
    @ValueSource(strings = {"none", "mq-deadline", "fair"})
    void whatIsReadIsWhatWasWritten(String scheduler) {
        Exploration.of(2, lab -> oracle(lab, scheduler));
    }

    /** Users with a region each write and read at random, cut, merged, by two queues with few tags, refused and delayed. */
    private static void oracle(Lab lab, String scheduler) {
        BlockLab block = new BlockLab(lab);
        Random random = new Random(lab.seed());
        DiskLimits limits =
                new DiskLimits(512, 512, 2048, 2, 1, 0, 0, 0, random.nextBoolean(), random.nextBoolean(), false);
        RamDisk driver = block.newDisk(2, REGION * 3);
        driver.writeCache = limits.writeCache();
        driver.latencyNanos = request -> random.nextInt(4) == 0 ? RamDisk.INLINE : random.nextInt(2_000);
        driver.isBusy = request -> random.nextInt(6) == 0;
        GenericDisk[] disk = new GenericDisk[1];
        lab.start("insmod", self -> {
            disk[0] = block.add(self, driver, 2, 2, "ram0", limits);
            assertThat(DiskSettings.setScheduler(self, disk[0], scheduler)).isZero();
        });
        lab.run();
        for (int user = 0; user < 3; user++) {
            int first = user * REGION;
            lab.start("user" + user, self -> use(block, self, disk[0], first, new Random(random.nextLong())));
        }
        lab.finish();
        assertThat(driver.inHand).isZero();
    }

    private static void use(BlockLab block, Task self, GenericDisk disk, int first, Random random) {
        byte[] oracle = new byte[REGION * 512];
        long memory = block.memory(REGION * 512);
        for (int round = 0; round < 3; round++) {
            Plug plug = random.nextBoolean() ? Plug.start(self) : null;
            List<Bio> writes = new ArrayList<>();
            int at = 0;
            while (at < REGION) {
                int length = Math.min(REGION - at, 1 + random.nextInt(6));
                if (random.nextInt(3) > 0) {
                    writes.add(write(block, disk, first, at, length, memory, oracle, random));
                }
                at += length;
            }
            int[] left = {writes.size()};
            for (Bio bio : writes) {
                bio.onCompletion((context, over) -> left[0]--);
                bio.submit(self);
            }
            Plug.finish(self, plug);
            while (left[0] > 0) {
                self.sleep(1_000);
            }
            assertThat(writes).allMatch(bio -> bio.error() == 0);
            Bio read = disk.whole().newBio(4);
            read.reset(BlockOperation.READ, first, 0);
            for (int i = 0; i < 4; i++) {
                read.add(memory + (3 - i) * 2048L, 2048);
            }
            assertThat(read.submitAndWait(self)).isZero();
            byte[] got = new byte[2048];
            for (int i = 0; i < 4; i++) {
                block.lab.machine().memory().read(memory + (3 - i) * 2048L, got, 0, 2048);
                assertThat(got).isEqualTo(java.util.Arrays.copyOfRange(oracle, i * 2048, (i + 1) * 2048));
            }
        }
    }

    private static Bio write(
            BlockLab block,
            GenericDisk disk,
            int first,
            int at,
            int length,
            long memory,
            byte[] oracle,
            Random random) {
        byte value = (byte) random.nextInt();
        java.util.Arrays.fill(oracle, at * 512, (at + length) * 512, value);
        block.lab.machine().memory().fill(memory + at * 512L, length * 512L, value);
        Bio bio = disk.whole().newBio(length);
        bio.reset(BlockOperation.WRITE, first + at, 0);
        for (int i = 0; i < length; i++) {
            bio.add(memory + (at + i) * 512L, 512);
        }
        if (random.nextInt(4) == 0) {
            bio.forcedUnitAccess();
        }
        if (random.nextInt(4) == 0) {
            bio.flushFirst();
        }
        return bio;
    }

    @Test
    void aDiskThatGoesLeavesNobodyWaiting() {
        Exploration.of(2, lab -> {
            BlockLab block = new BlockLab(lab);
            Random random = new Random(lab.seed());
            RamDisk driver = block.newDisk(2, 64);
            driver.latencyNanos = request -> random.nextInt(1_000);
            driver.isLost = request -> random.nextInt(8) == 0;
            driver.isBusy = request -> random.nextInt(8) == 0;
            driver.writeCache = true;
            GenericDisk[] disk = new GenericDisk[1];
            lab.start(
                    "insmod", self -> disk[0] = block.add(self, driver, 2, 1, "ram0", BlockLab.withWriteCache(false)));
            lab.run();
            for (int user = 0; user < 3; user++) {
                int me = user;
                long memory = block.memory(4096);
                lab.start("user" + user, self -> {
                    Bio bio = disk[0].whole().newBio(1);
                    int error = 0;
                    for (int i = 0; i < 6 && error == 0; i++) {
                        bio.reset(BlockOperation.WRITE, me * 8 + i, 0).add(memory, 512);
                        if (i % 2 == 0) {
                            bio.forcedUnitAccess();
                        }
                        error = bio.submitAndWait(self);
                    }
                    assertThat(error).isIn(0, -ENODEV);
                });
            }
            lab.start("rmmod", self -> {
                self.sleep(random.nextInt(4_000));
                block.leave(self);
                assertThat(block.layer.registry().parts()).isEmpty();
            });
            lab.finish();
            assertThat(block.module.references()).isZero();
        });
    }

    @Test
    void aRequestMayComeBackWhileItIsTimedOut() {
        Exploration.of(2, lab -> {
            BlockLab block = new BlockLab(lab);
            Random random = new Random(lab.seed());
            RamDisk driver = block.newDisk(1, 64);
            int[] timeouts = new int[1];
            driver.latencyNanos = request -> BlockLab.SECOND - 1_000 + random.nextInt(2_000);
            driver.onTimeout = (context, request) -> {
                timeouts[0]++;
                long sector = request.sector();
                context.sleep(random.nextInt(1_000));
                assertThat(request.sector()).as("it stays what it was").isEqualTo(sector);
                return TimeoutAction.WAIT_AGAIN;
            };
            lab.start("user", self -> {
                GenericDisk disk = block.add(self, driver, 1, 2, "ram0", BlockLab.limits());
                int[] left = {4};
                for (int i = 0; i < 4; i++) {
                    Bio bio = disk.whole().newBio(1);
                    bio.reset(BlockOperation.READ, i * 3L, 0).add(block.memory(4096), 512);
                    bio.onCompletion((context, over) -> {
                        assertThat(over.error()).isZero();
                        left[0]--;
                    });
                    bio.submit(self);
                }
                while (left[0] > 0) {
                    self.sleep(BlockLab.SECOND);
                }
            });
            lab.finish();
            assertThat(timeouts[0])
                    .as("each once at most, with the read of the partition table")
                    .isLessThanOrEqualTo(5);
        });
    }

    @Test
    void whatIsLostIsSentAgainAndFailsInTheEnd() {
        Exploration.of(2, lab -> {
            BlockLab block = new BlockLab(lab);
            RamDisk driver = block.newDisk(2, 64);
            driver.isLost = request -> request.sector() == 5;
            driver.onTimeout = (context, request) -> {
                request.requeue(context);
                return TimeoutAction.DONE;
            };
            lab.start("user", self -> {
                GenericDisk disk = block.add(self, driver, 2, 1, "ram0", BlockLab.limits());
                Bio bio = disk.whole().newBio(1);
                bio.reset(BlockOperation.READ, 5, 0).add(block.memory(4096), 512);
                assertThat(bio.submitAndWait(self)).isEqualTo(-EIO);
                bio.reset(BlockOperation.READ, 6, 0).add(block.memory(4096), 512);
                assertThat(bio.submitAndWait(self)).isZero();
            });
            lab.finish();
            assertThat(driver.log.stream().filter("READ 5+1"::equals)).hasSize(6);
        });
    }

    @Test
    void quietMeansThatNothingReachesTheDriver() {
        Exploration.of(2, lab -> {
            BlockLab block = new BlockLab(lab);
            Random random = new Random(lab.seed());
            RamDisk driver = block.newDisk(2, 64);
            boolean[] quiet = new boolean[1];
            driver.isBusy = request -> {
                assertThat(quiet[0]).isFalse();
                return false;
            };
            driver.latencyNanos = request -> random.nextInt(500);
            GenericDisk[] disk = new GenericDisk[1];
            lab.start("insmod", self -> disk[0] = block.add(self, driver, 2, 2, "ram0", BlockLab.limits()));
            lab.run();
            for (int user = 0; user < 2; user++) {
                int sector = user * 8;
                lab.start("user" + user, self -> {
                    Bio bio = disk[0].whole().newBio(1);
                    for (int i = 0; i < 4; i++) {
                        bio.reset(BlockOperation.READ, sector + i, 0).add(block.memory(4096), 512);
                        assertThat(bio.submitAndWait(self)).isZero();
                    }
                });
            }
            lab.start("reset", self -> {
                self.sleep(random.nextInt(1_500));
                BlockTagSet tags = disk[0].tagSet();
                tags.quiesce(self);
                quiet[0] = true;
                tags.drain(self);
                assertThat(driver.inHand).isZero();
                tags.forEachInFlight(self, request -> assertThat(request).isNull());
                self.sleep(500);
                quiet[0] = false;
                tags.unquiesce(self);
            });
            lab.finish();
        });
    }
}
