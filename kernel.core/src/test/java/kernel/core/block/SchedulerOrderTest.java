// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.api.block.BlockOperation;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order the schedulers send what waits. */
class SchedulerOrderTest {
    private final BlockLab block = new BlockLab(Lab.deterministic(1));
    private final RamDisk driver = block.newDisk(1, 4096);
    private GenericDisk disk;

    SchedulerOrderTest() {
        block.lab.start("insmod", self -> disk = block.add(self, driver, 1, 4, "ram0", BlockLab.limits()));
        block.lab.run();
    }

    @AfterEach
    void close() {
        block.close();
    }

    private Request request(BlockOperation operation, long sector, int pid) {
        BlockBio bio = (BlockBio) disk.whole().newBio(1);
        bio.reset(operation, sector, 0).add(4096 * (sector % 512), 512);
        bio.submitterPid = pid;
        bio.beginFragments(sector);
        Request request = new Request(disk, disk.queues()[0].pool());
        request.begin(bio.splitter().next(disk.queueLimits()), operation, false, 0);
        request.submitterPid = pid;
        return request;
    }

    private void insert(Scheduler scheduler, BlockOperation operation, long now, long... sectors) {
        for (long sector : sectors) {
            assertThat(scheduler.insert(request(operation, sector, 1), disk.queueLimits(), now))
                    .isNull();
        }
    }

    private static List<String> drain(Scheduler scheduler, long now) {
        List<String> order = new ArrayList<>();
        for (Request request = scheduler.poll(now); request != null; request = scheduler.poll(now)) {
            order.add((request.operation == BlockOperation.READ ? "R" : "W") + request.sector + "+"
                    + (request.endSector() - request.sector));
        }
        assertThat(scheduler.size()).isZero();
        return order;
    }

    @Test
    void theDeadlineSchedulerSendsBySectorAndReadsFirst() {
        Scheduler scheduler = new DeadlineScheduler();
        insert(scheduler, BlockOperation.WRITE, 0, 30, 10);
        insert(scheduler, BlockOperation.READ, 0, 50, 20, 40);
        assertThat(scheduler.size()).isEqualTo(5);
        assertThat(drain(scheduler, 1)).containsExactly("R20+1", "R40+1", "R50+1", "W10+1", "W30+1");
    }

    @Test
    void aRequestThatHasWaitedTooLongGoesNext() {
        Scheduler scheduler = new DeadlineScheduler();
        insert(scheduler, BlockOperation.READ, 0, 900);
        insert(scheduler, BlockOperation.READ, DeadlineScheduler.READ_EXPIRE_NANOS, 10, 20);
        assertThat(drain(scheduler, DeadlineScheduler.READ_EXPIRE_NANOS)).containsExactly("R900+1", "R10+1", "R20+1");
    }

    @Test
    void writesAreNotPassedOverForEver() {
        Scheduler scheduler = new DeadlineScheduler();
        insert(scheduler, BlockOperation.WRITE, 0, 5);
        int before = 0;
        for (int i = 0; i < 100; i++) {
            insert(scheduler, BlockOperation.READ, 0, 4000 - i * 2L);
            Request sent = scheduler.poll(0);
            if (sent.operation == BlockOperation.WRITE) {
                break;
            }
            before++;
        }
        assertThat(before).isLessThanOrEqualTo(DeadlineScheduler.WRITES_STARVED * DeadlineScheduler.FIFO_BATCH);
    }

    @Test
    void neighboursThatMeetInASchedulerBecomeOne() {
        for (Scheduler scheduler : List.of(new DeadlineScheduler(), new FairScheduler())) {
            insert(scheduler, BlockOperation.READ, 0, 10);
            Request behind = request(BlockOperation.READ, 11, 1);
            assertThat(scheduler.insert(behind, disk.queueLimits(), 0)).isSameAs(behind);
            Request front = request(BlockOperation.READ, 9, 1);
            Request absorbed = scheduler.insert(front, disk.queueLimits(), 0);
            assertThat(absorbed).isNotNull().isNotSameAs(front);
            assertThat(drain(scheduler, 0)).containsExactly("R9+3");
        }
    }

    @Test
    void theFairSchedulerLetsProcessesTakeTurns() {
        FairScheduler scheduler = new FairScheduler();
        long turn = IoPriority.weight(0) * FairScheduler.SECTORS_PER_WEIGHT;
        for (int i = 0; i < 2 * turn; i++) {
            scheduler.insert(request(BlockOperation.READ, i * 2L, 1), disk.queueLimits(), 0);
        }
        scheduler.insert(request(BlockOperation.READ, 3001, 2), disk.queueLimits(), 0);
        int before = 0;
        while (scheduler.poll(0).submitterPid == 1) {
            before++;
        }
        assertThat(before).isEqualTo((int) turn);
    }

    @Test
    void aHigherClassGoesFirstAndAHigherLevelGetsMore() {
        FairScheduler scheduler = new FairScheduler();
        Request idle = request(BlockOperation.READ, 1, 1);
        idle.priority = IoPriority.CLASS_IDLE << IoPriority.CLASS_SHIFT;
        Request normal = request(BlockOperation.READ, 3, 2);
        Request urgent = request(BlockOperation.READ, 5, 3);
        urgent.priority = (IoPriority.CLASS_REAL_TIME << IoPriority.CLASS_SHIFT) | 7;
        for (Request request : List.of(idle, normal, urgent)) {
            scheduler.insert(request, disk.queueLimits(), 0);
        }
        assertThat(drain(scheduler, 0)).containsExactly("R5+1", "R3+1", "R1+1");
        assertThat(IoPriority.weight(IoPriority.CLASS_BEST_EFFORT << IoPriority.CLASS_SHIFT))
                .isEqualTo(8);
        assertThat(IoPriority.weight(IoPriority.NORMAL)).isEqualTo(4);
    }

    @Test
    void theSchedulerCanBeChangedWhileADiskIsBusy() {
        driver.latencyNanos = request -> 10_000;
        long memory = block.memory(4096);
        boolean[] stop = new boolean[1];
        int[] done = new int[1];
        block.lab.start("user", self -> {
            BlockBio bio = (BlockBio) disk.whole().newBio(1);
            while (!stop[0]) {
                bio.reset(BlockOperation.READ, done[0] % 100, 0).add(memory, 512);
                assertThat(bio.submitAndWait(self)).isZero();
                done[0]++;
            }
        });
        block.lab.start("admin", self -> {
            change(self, DeadlineScheduler.NAME);
            change(self, FairScheduler.NAME);
            change(self, DiskSettings.NONE);
            stop[0] = true;
        });
        block.lab.finish();
        assertThat(done[0]).isGreaterThan(3);
    }

    private void change(Task self, String name) {
        self.sleep(100_000);
        assertThat(DiskSettings.setScheduler(self, disk, name)).isZero();
        assertThat(DiskSettings.schedulers(disk)).contains("[" + name + "]");
    }
}
