// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.HashSet;
import java.util.Set;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import org.junit.jupiter.api.Test;

/** One seed is one trace, in every run; many seeds are many. */
class DeterminismTest {
    private static final int REPETITIONS = 1_000;

    /** Something of everything: locks, sleeps, timers, work, a device, preemption. */
    private static long hashOf(long seed) {
        try (Lab lab = Lab.exploring(3, seed)) {
            lab.trace().enableHash();
            Execution execution = lab.execution();
            SpinLock lock = execution.newSpinLock("lock");
            Mutex mutex = execution.newMutex("mutex");
            WaitQueueHead queue = execution.newWaitQueue("queue", Gone.NEVER);
            BusDevice device = lab.plug(new Doorbell(Trigger.LEVEL));
            int[] done = new int[1];
            int[] worked = new int[1];
            WorkQueue.Item work = execution.workQueue().newItem("work", context -> {
                context.sleep(500);
                worked[0]++;
                queue.wakeUp(context);
            });
            SoftTasklet tasklet = new SoftTasklet("tasklet", false, work::queue);
            execution.interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
                lock.lock(context);
                int count = device.read32(Doorbell.DONE.offset());
                device.write32(Doorbell.DONE.offset(), count);
                done[0] += count;
                lock.unlock(context);
                tasklet.schedule(context);
                return InterruptResult.HANDLED;
            });
            for (int i = 0; i < 3; i++) {
                lab.start("task" + i, self -> {
                    mutex.lock(self);
                    device.write32(Doorbell.RING.offset(), 1_000);
                    mutex.unlock(self);
                    queue.waitEventInterruptibleTimeout(self, () -> worked[0] > 0, 20_000);
                });
            }
            lab.run();
            lab.checkHealthy();
            assertThat(done[0]).isEqualTo(3);
            return execution.trace().hash();
        }
    }

    @Test
    void theSameSeedGivesTheSameTraceEachOfAThousandTimes() {
        long first = hashOf(42);
        for (int run = 0; run < REPETITIONS; run++) {
            assertThat(hashOf(42)).as("run " + run).isEqualTo(first);
        }
    }

    @Test
    void differentSeedsGiveDifferentTraces() {
        Set<Long> hashes = new HashSet<>();
        for (long seed = 0; seed < REPETITIONS; seed++) {
            hashes.add(hashOf(seed));
        }
        assertThat(hashes).hasSizeGreaterThan(REPETITIONS * 95 / 100);
    }
}
