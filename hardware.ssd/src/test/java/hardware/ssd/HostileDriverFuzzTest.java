// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import hardware.ssd.registers.SsdRegisters;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does a disk survive a driver that writes anything anywhere, and work again after a reset? */
final class HostileDriverFuzzTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingThrowsAndNothingHangs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String profile = random.nextBoolean() ? "zero" : "nvme";
        TestDisk disk = new TestDisk(seed, "capacity=512K", "namespaces=2", "profile=" + profile);
        for (int round = 0; round < 40; round++) {
            disk.start();
            for (int i = 0; i < 300; i++) {
                mischief(disk, random);
                for (int events = random.nextInt(4); events > 0; events--) {
                    disk.timeline.fireNext();
                }
            }
            int left = 0;
            while (disk.timeline.fireNext()) {
                assertThat(++left).as("seed %d: events without end", seed).isLessThan(100_000);
            }
            disk.model.clearFaults();
            disk.model.powerCutAfterSteps(0);
            disk.model.attachNamespace(1);
            disk.model.powerOn();
        }
        disk.start();
        TestDisk.check(disk.admin(disk.command(0x80).word(10, 1)));
        assertThat(disk.write(3, 1, TestDisk.page(9))).isZero();
        assertThat(TestDisk.contentOf(disk.readBlocks(3, 1, 4096))).isEqualTo(9);
    }

    private static void mischief(TestDisk disk, SplittableRandom random) {
        switch (random.nextInt(100)) {
            case 0 -> disk.device.write32(random.nextInt(0x40) & ~3, random.nextInt());
            case 1 -> disk.write(SsdRegisters.CC, random.nextInt() | SsdRegisters.CC_EN);
            case 2 ->
                disk.model.inject(Fault.of(FaultKind.values()[random.nextInt(FaultKind.values().length)])
                        .times(1));
            case 3 -> disk.model.setTemperature(random.nextInt(500));
            case 4 -> {
                disk.model.detachNamespace(1);
                disk.model.attachNamespace(1);
            }
            case 5 -> {
                if (random.nextInt(10) == 0) {
                    disk.model.powerCutAfterSteps(1 + random.nextInt(20));
                }
            }
            case 6, 7, 8, 9 ->
                disk.device.write32(
                        SsdRegisters.DOORBELLS + random.nextInt(0x200) * 4,
                        random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(70));
            case 10, 11, 12, 13, 14 -> disk.device.read32(random.nextInt(SsdRegisters.WINDOW_BYTES / 4) * 4);
            case 15, 16, 17 -> {
                byte[] garbage = new byte[64 * TestDisk.ENTRIES];
                random.nextBytes(garbage);
                disk.memoryWrite(disk.queues[random.nextInt(2)].submissions, garbage);
                disk.device.write32(
                        SsdRegisters.submissionTailOffset(random.nextInt(2)), random.nextInt(TestDisk.ENTRIES));
            }
            default -> plausible(disk, random);
        }
    }

    /** A command that is nearly right, and completions that are consumed now and then. */
    private static void plausible(TestDisk disk, SplittableRandom random) {
        TestDisk.Queue queue = disk.queues[random.nextInt(8) == 0 ? 0 : 1];
        int[] opcodes = {0, 1, 2, 5, 8, 9, 4, 6, 10, 12, 0x80};
        TestDisk.Command command = disk.command(opcodes[random.nextInt(queue.id == 0 ? opcodes.length : 6)])
                .namespace(random.nextInt(8) == 0 ? random.nextInt() : 1 + random.nextInt(2))
                .range(random.nextInt(560), 1 + random.nextInt(32));
        long list = disk.buffer + random.nextInt(16) * 4096L;
        command.prp(
                disk.buffer + (random.nextInt(4) == 0 ? random.nextInt(5000) : 0),
                random.nextInt(20) == 0 ? random.nextLong() : list);
        if (random.nextInt(10) == 0) {
            command.word(10 + random.nextInt(6), random.nextInt());
        }
        queue.put(command);
        queue.ring();
        if (random.nextInt(3) == 0) {
            while (queue.poll() != null) {
                // Whatever it says.
            }
            queue.consume();
        }
    }
}
