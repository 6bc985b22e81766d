// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.ssd.control.Statistic;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.SsdRegisters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Is everything that was promised there after the power went, at whatever step it went? */
final class PowerCutTest {
    private static final int PAGES = 64;
    private static final int OPERATIONS = 200;

    /** What each page may hold after a cut: what was durable last, and everything that was asked for since. */
    private static final class Oracle {
        private final List<Set<Integer>> possible = new ArrayList<>();
        private final int[] acknowledged = new int[PAGES];

        Oracle() {
            for (int page = 0; page < PAGES; page++) {
                possible.add(new HashSet<>(Set.of(0)));
            }
        }

        void asked(int page, int content) {
            possible.get(page).add(content);
        }

        void done(int page, int content) {
            acknowledged[page] = content;
        }

        void durable(int page) {
            possible.set(page, new HashSet<>(Set.of(acknowledged[page])));
        }

        void allDurable() {
            for (int page = 0; page < PAGES; page++) {
                durable(page);
            }
        }
    }

    private static TestDisk disk(long seed, String profile, String... more) {
        List<String> parameters = new ArrayList<>(List.of(
                "capacity=256K",
                "block_size=4096",
                "channels=1",
                "dies=2",
                "pages_per_block=4",
                "overprovision=0",
                "cache=32K",
                "profile=" + profile));
        parameters.addAll(List.of(more));
        return new TestDisk(seed, parameters.toArray(String[]::new));
    }

    /** Does operations until they are done or the power goes. */
    private static void work(TestDisk disk, Oracle oracle, SplittableRandom random, int firstContent) {
        for (int i = 0; i < OPERATIONS; i++) {
            int page = random.nextInt(PAGES);
            int content = firstContent + i;
            switch (random.nextInt(12)) {
                case 0 -> {
                    TestDisk.check(disk.io(disk.command(NvmOpcode.FLUSH)));
                    oracle.allDurable();
                }
                case 1 -> {
                    oracle.asked(page, content);
                    assertThat(disk.writeDurably(page, 1, TestDisk.page(content)))
                            .isZero();
                    oracle.done(page, content);
                    oracle.durable(page);
                }
                case 2, 3 -> {
                    oracle.asked(page, 0);
                    TestDisk.check(disk.io(disk.rangeCommand(NvmOpcode.WRITE_ZEROES, page, 1)));
                    oracle.done(page, 0);
                }
                default -> {
                    oracle.asked(page, content);
                    assertThat(disk.write(page, 1, TestDisk.page(content))).isZero();
                    oracle.done(page, content);
                }
            }
        }
    }

    /** The power goes in the step of that number; true when there was one. */
    private static boolean cutAt(TestDisk disk, Oracle oracle, SplittableRandom random, long step, int firstContent) {
        disk.model.powerCutAfterSteps(step);
        try {
            work(disk, oracle, random, firstContent);
            return false;
        } catch (IllegalStateException e) {
            // The driver saw that nothing will complete; because the power went, and for no other reason.
            if (disk.model.isPowered()) {
                throw e;
            }
            return true;
        } finally {
            disk.model.powerCut();
        }
    }

    private static void verify(TestDisk disk, Oracle oracle, String what) {
        for (int page = 0; page < PAGES; page++) {
            int found = TestDisk.contentOf(disk.readBlocks(page, 1, 4096));
            assertThat(oracle.possible.get(page)).as("page %d, %s", page, what).contains(found);
            oracle.done(page, found);
            oracle.possible.get(page).add(found);
        }
    }

    @ParameterizedTest
    @CsvSource({"zero, 1", "zero, 2", "nvme, 3", "sata, 4"})
    void aCutAtEveryStepLosesNothingThatWasPromised(String profile, long seed) {
        boolean cut = true;
        long step = 0;
        while (cut) {
            TestDisk disk = disk(seed + step, profile).start();
            Oracle oracle = new Oracle();
            step++;
            cut = cutAt(disk, oracle, new SplittableRandom(seed), step, 1);
            disk.model.powerOn();
            disk.start();
            verify(disk, oracle, "%s, seed %d, cut at step %d".formatted(profile, seed, step));
        }
        assertThat(step).isGreaterThan(OPERATIONS);
    }

    @ParameterizedTest
    @CsvSource({"zero, 10", "nvme, 20"})
    void cutAfterCutOnTheSameFlashLosesNothing(String profile, long seed) {
        TestDisk disk = disk(seed, profile).start();
        Oracle oracle = new Oracle();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 400; round++) {
            String what = "%s, seed %d, round %d".formatted(profile, seed, round);
            cutAt(disk, oracle, random, 1 + random.nextInt(300), 1 + round * OPERATIONS);
            // Once more while it recovers.
            for (int again = random.nextInt(3); again > 0; again--) {
                disk.model.powerOn();
                if (disk.model.isPowered()) {
                    disk.model.powerCutAfterSteps(random.nextInt(6));
                    disk.model.powerCut();
                }
            }
            disk.model.powerOn();
            disk.start();
            verify(disk, oracle, what);
            assertThat(disk.flush()).as(what).isZero();
            oracle.allDurable();
        }
        assertThat(disk.model.statistic(Statistic.TORN_PAGES)).isPositive();
        assertThat(disk.model.statistic(Statistic.BLOCKS_COLLECTED)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"zero, 30", "nvme, 40"})
    void anImageLosesNothingEitherInManyLives(String profile, long seed, @TempDir Path folder) {
        Oracle oracle = new Oracle();
        SplittableRandom random = new SplittableRandom(seed);
        for (int life = 0; life < 60; life++) {
            String what = "%s, seed %d, life %d".formatted(profile, seed, life);
            TestDisk disk = disk(seed + life, profile, "image=" + folder.resolve("disk.img"))
                    .start();
            verify(disk, oracle, what);
            cutAt(disk, oracle, random, 1 + random.nextInt(400), 1 + life * OPERATIONS);
            if (random.nextBoolean()) {
                disk.model.powerOn();
                disk.start();
                verify(disk, oracle, what + ", again");
                assertThat(disk.flush()).as(what).isZero();
                oracle.allDurable();
            }
            disk.machine.bus().detach("ssd0");
        }
    }

    @Test
    void aCutAtEachMomentOfSlowFlashTearsOnlyWhatWasUnderWay() {
        for (int moment = 0; moment < 200; moment++) {
            TestDisk disk = disk(moment, "nvme").start();
            Oracle oracle = new Oracle();
            SplittableRandom random = new SplittableRandom(77);
            for (int i = 0; i < 100; i++) {
                int page = random.nextInt(PAGES);
                oracle.asked(page, i + 1);
                assertThat(disk.write(page, 1, TestDisk.page(i + 1))).isZero();
                oracle.done(page, i + 1);
                if (i % 25 == 24) {
                    TestDisk.check(disk.io(disk.command(NvmOpcode.FLUSH)));
                    oracle.allDurable();
                }
            }
            disk.timeline.charge(moment * 10_000L);
            disk.model.powerCut();
            disk.model.powerOn();
            disk.start();
            verify(disk, oracle, "moment %d".formatted(moment));
        }
    }

    @Test
    void withoutPowerNothingAnswers() {
        TestDisk disk = disk(1, "zero").start();
        disk.model.powerCut();
        assertThat(disk.model.isPowered()).isFalse();
        assertThat(disk.read(SsdRegisters.CSTS)).isEqualTo(-1);
        disk.device.write32(SsdRegisters.submissionTailOffset(0), 1);
        assertThat(disk.timeline.fireNext()).isFalse();
        disk.model.powerCut();
        disk.model.powerOn();
        disk.model.powerOn();
        assertThat(disk.read(SsdRegisters.CSTS)).isZero();
    }
}
