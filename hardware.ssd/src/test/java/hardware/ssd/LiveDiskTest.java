// SPDX-License-Identifier: Apache-2.0
package hardware.ssd;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.memory.DmaDirection;
import hardware.machine.memory.PhysicalMemory;
import hardware.machine.time.HostTimeline;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.NvmOpcode;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.SubmissionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Do several threads, each with a queue of its own, get what they wrote while the firmware runs beside them? */
@Timeout(120)
final class LiveDiskTest {
    private static final int QUEUES = 3;
    private static final int PAGE = 4096;
    private static final int PAGES_EACH = 32;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void everyThreadFindsItsOwnPages() throws Exception {
        try (HostTimeline timeline = new HostTimeline("hardware", () -> {}, (thread, e) -> failure.set(e));
                ExecutorService threads = Executors.newFixedThreadPool(QUEUES)) {
            timeline.start();
            Machine machine = new Machine(1, 16 << 20, false, timeline, 1);
            BusDevice device =
                    machine.bus().attach(new SsdModel(TestDisk.parameters("capacity=1M", "block_size=4096")));
            Pair admin = new Pair(machine, device, 0);
            device.write32(SsdRegisters.AQA.offset(), 63 | (63 << 16));
            device.write32(SsdRegisters.ASQ.offset(), (int) admin.base);
            device.write32(SsdRegisters.ACQ.offset(), (int) admin.base + PAGE);
            device.write32(SsdRegisters.CC.offset(), SsdRegisters.CC_START);
            while ((device.read32(SsdRegisters.CSTS.offset()) & SsdRegisters.CSTS_RDY) == 0) {
                Thread.yield();
            }
            List<Future<?>> work = new ArrayList<>();
            for (int id = 1; id <= QUEUES; id++) {
                Pair pair = new Pair(machine, device, id);
                assertThat(admin.execute(5, pair.base + PAGE, id | (63 << 16), 1))
                        .isZero();
                assertThat(admin.execute(1, pair.base, id | (63 << 16), 1 | (id << 16)))
                        .isZero();
                work.add(threads.submit(() -> pair.readAndWrite()));
            }
            for (Future<?> each : work) {
                each.get();
            }
            assertThat(failure.get()).isNull();
        }
    }

    /** A queue pair in physical memory: entries in the first page, completions in the second, data in the third. */
    private static final class Pair {
        private final PhysicalMemory memory;
        private final BusDevice device;
        private final int id;
        final long base;
        private int tail;
        private int head;
        private int phase = 1;

        Pair(Machine machine, BusDevice device, int id) {
            memory = machine.memory();
            this.device = device;
            this.id = id;
            base = 0x10_0000L + id * 0x1_0000L;
            device.iommuDomain().map(base, base, 4 * PAGE, DmaDirection.BIDIRECTIONAL);
        }

        int execute(int opcode, long data, int word10, int word11) {
            long entry = base + (long) tail * SubmissionEntry.BYTES;
            memory.putInt(entry, opcode | (tail << 16));
            memory.putInt(entry + SubmissionEntry.NSID, 1);
            memory.putLong(entry + SubmissionEntry.PRP1, data);
            memory.putInt(entry + SubmissionEntry.CDW10, word10);
            memory.putInt(entry + SubmissionEntry.CDW11, word11);
            tail = (tail + 1) % 64;
            device.write32(SsdRegisters.submissionTailOffset(id), tail);
            long completion = base + PAGE + (long) head * CompletionEntry.BYTES;
            int last = memory.getIntAcquire(completion + CompletionEntry.CID);
            while ((last >>> 16 & 1) != phase) {
                Thread.yield();
                last = memory.getIntAcquire(completion + CompletionEntry.CID);
            }
            head = (head + 1) % 64;
            phase ^= head == 0 ? 1 : 0;
            device.write32(SsdRegisters.completionHeadOffset(id), head);
            return last >>> 17 & CompletionEntry.STATUS_CODE;
        }

        Void readAndWrite() {
            SplittableRandom random = new SplittableRandom(id);
            int[] expected = new int[PAGES_EACH];
            byte[] page = new byte[PAGE];
            long data = base + 2 * PAGE;
            for (int i = 1; i <= 2000; i++) {
                int index = random.nextInt(PAGES_EACH);
                int block = (id - 1) * PAGES_EACH + index;
                if (random.nextBoolean()) {
                    memory.write(data, TestDisk.page(i), 0, PAGE);
                    assertThat(execute(NvmOpcode.WRITE, data, block, 0)).isZero();
                    expected[index] = i;
                } else {
                    assertThat(execute(NvmOpcode.READ, data, block, 0)).isZero();
                    memory.read(data, page, 0, PAGE);
                    assertThat(TestDisk.contentOf(page))
                            .as("queue %d, page %d", id, index)
                            .isEqualTo(expected[index]);
                }
            }
            return null;
        }
    }
}
