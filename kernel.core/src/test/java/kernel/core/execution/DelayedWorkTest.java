// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that runs after a while: when, how often, and that nothing of it is left when it has been cancelled. */
class DelayedWorkTest {
    private final Lab lab = Lab.deterministic(2);
    private final List<Long> ran = new ArrayList<>();
    private final DelayedItem work =
            lab.execution().workQueue().newDelayedItem("work", context -> ran.add(context.nanoTime()));

    @AfterEach
    void close() {
        lab.close();
    }

    private void finish() {
        lab.run();
        lab.checkHealthy();
    }

    @Test
    void itRunsOnceAfterItsTime() {
        long[] start = new long[1];
        lab.start("task", self -> {
            start[0] = self.nanoTime();
            assertThat(work.schedule(self, 50_000)).isTrue();
            assertThat(work.schedule(self, 1_000)).as("the first time stays").isFalse();
        });
        finish();
        assertThat(ran)
                .singleElement()
                .satisfies(at -> assertThat(at).isBetween(start[0] + 50_000, start[0] + 100_000));
    }

    @Test
    void withoutADelayItIsQueuedAtOnce() {
        lab.start("task", self -> {
            assertThat(work.schedule(self, 0)).isTrue();
            work.flush(self);
            assertThat(ran).hasSize(1);
        });
        finish();
    }

    @Test
    void aNewTimeCountsWhenItIsRescheduled() {
        lab.start("task", self -> {
            work.schedule(self, 10_000);
            work.reschedule(self, 1_000_000);
            self.sleep(500_000);
            assertThat(ran).isEmpty();
            work.reschedule(self, 1_000);
            self.sleep(100_000);
            assertThat(ran).hasSize(1);
            work.reschedule(self, 1_000);
        });
        finish();
        assertThat(ran).hasSize(2);
    }

    @Test
    void queuedAlreadyItIsTakenBackAndWaits() {
        lab.startOn(0, "task", self -> {
            self.cpu().preemptDisable();
            work.schedule(self, 0);
            work.reschedule(self, 200_000);
            self.cpu().preemptEnableWithoutPoint();
            self.sleep(100_000);
            assertThat(ran).isEmpty();
        });
        finish();
        assertThat(ran).hasSize(1);
    }

    @Test
    void flushDoesNotWaitForTheTime() {
        lab.start("task", self -> {
            work.schedule(self, 1_000_000_000);
            work.flush(self);
            assertThat(ran).hasSize(1);
            assertThat(self.nanoTime()).isLessThan(1_000_000_000);
            work.flush(self);
        });
        finish();
        assertThat(ran).hasSize(1);
    }

    @Test
    void cancelledItDoesNotRun() {
        lab.start("task", self -> {
            assertThat(work.cancel(self)).isFalse();
            work.schedule(self, 1_000);
            assertThat(work.cancel(self)).isTrue();
            self.sleep(10_000);
            assertThat(ran).isEmpty();
            assertThat(work.schedule(self, 1_000)).as("and can be used again").isTrue();
        });
        finish();
        assertThat(ran).hasSize(1);
    }

    @Test
    void disabledItNeverRunsAgain() {
        lab.start("task", self -> {
            work.schedule(self, 1_000);
            work.disableForGood();
            work.cancel(self);
            assertThat(work.schedule(self, 1_000)).isFalse();
            work.reschedule(self, 1_000);
        });
        finish();
        assertThat(ran).isEmpty();
    }

    @Test
    void afterACancelNothingRunsUnderAnySchedule() {
        Exploration.of(2, explored -> {
            int[] runs = new int[1];
            boolean[] cancelled = new boolean[1];
            DelayedItem[] item = new DelayedItem[1];
            item[0] = explored.execution().workQueue().newDelayedItem("work", context -> {
                assertThat(cancelled[0]).as("ran after it was cancelled").isFalse();
                runs[0]++;
                if (runs[0] < 5) {
                    item[0].schedule(context, 50);
                }
            });
            Task first = explored.start("first", self -> {
                item[0].schedule(self, 100);
                item[0].reschedule(self, 30);
                item[0].reschedule(self, 60);
            });
            Task second = explored.start("second", self -> {
                item[0].cancel(self);
                self.sleep(100);
                item[0].disableForGood();
                item[0].cancel(self);
                cancelled[0] = true;
                item[0].schedule(self, 10);
            });
            explored.run();
            explored.checkHealthy();
            assertThat(first.state()).isEqualTo(Task.DEAD);
            assertThat(second.state()).isEqualTo(Task.DEAD);
        });
    }

    @Test
    void eachScheduleThatIsAcceptedRunsUnderEverySchedule() {
        Exploration.of(2, explored -> {
            int[] runs = new int[1];
            int[] accepted = new int[1];
            DelayedItem item = explored.execution().workQueue().newDelayedItem("work", context -> runs[0]++);
            for (int i = 0; i < 2; i++) {
                explored.start("task" + i, self -> {
                    for (int round = 0; round < 3; round++) {
                        if (item.schedule(self, 20L * round)) {
                            accepted[0]++;
                        }
                    }
                    item.flush(self);
                });
            }
            explored.run();
            explored.checkHealthy();
            assertThat(runs[0]).isEqualTo(accepted[0]);
        });
    }
}
