// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work items: how often they run, what runs beside them, and waiting for them. */
class WorkQueueTest {
    private final Lab lab = Lab.deterministic(2);
    private final WorkQueue queue = lab.execution().workQueue();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private WorkQueue.Item item(String name) {
        return queue.newItem(name, context -> log.add(name));
    }

    private WorkQueue.Item slow(String name) {
        return queue.newItem(name, context -> {
            log.add(name + " begins");
            context.sleep(10_000);
            log.add(name + " ends");
        });
    }

    private void finish() {
        lab.run();
        lab.checkHealthy();
    }

    @Test
    void anItemRunsInAKernelThreadThatMaySleep() {
        WorkQueue.Item item = queue.newItem("item", context -> {
            context.sleep(1_000);
            log.add(context.currentName());
        });
        lab.start("task", item::queue);
        finish();
        assertThat(log).containsExactly("kworker/u:0");
    }

    @Test
    void queuedWhileItWaitsItRunsOnce() {
        WorkQueue.Item item = item("item");
        lab.startOn(0, "task", self -> {
            self.cpu().preemptDisable();
            assertThat(item.queue(self)).isTrue();
            assertThat(queue.queueFromOutside(item)).isFalse();
            self.cpu().preemptEnableWithoutPoint();
        });
        finish();
        assertThat(log).containsExactly("item");
    }

    @Test
    void queuedWhileItRunsItRunsAgainAndNotBesideItself() {
        WorkQueue.Item slow = slow("slow");
        lab.start("task", self -> {
            slow.queue(self);
            self.sleep(5_000);
            assertThat(slow.queue(self)).isTrue();
            assertThat(slow.queue(self)).isFalse();
        });
        finish();
        assertThat(log).containsExactly("slow begins", "slow ends", "slow begins", "slow ends");
    }

    @Test
    void anItemThatSleepsKeepsNoOtherWaiting() {
        lab.start("task", self -> {
            slow("slow").queue(self);
            self.sleep(5_000);
            item("quick").queue(self);
        });
        finish();
        assertThat(log).containsExactly("slow begins", "quick", "slow ends");
    }

    @Test
    void ofTwoQueuedAtOnceTheFirstMayWaitForTheSecond() {
        WorkQueue.Item second = item("second");
        WorkQueue.Item first = queue.newItem("first", context -> {
            second.flush(context);
            log.add("first");
        });
        lab.start("task", self -> {
            // One worker that rests, so that both count on it.
            item("zeroth").queue(self);
            self.sleep(5_000);
            self.cpu().preemptDisable();
            queue.queueFromOutside(first);
            queue.queueFromOutside(second);
            self.cpu().preemptEnableWithoutPoint();
        });
        finish();
        assertThat(log).containsExactly("zeroth", "second", "first");
    }

    @Test
    void whenAllWorkersSleepTheRestWaitsAndStillRuns() {
        lab.start("task", self -> {
            for (int i = 0; i < 40; i++) {
                slow("slow" + i).queue(self);
            }
        });
        finish();
        assertThat(log).hasSize(80).contains("slow39 ends");
    }

    // ---- flush

    @Test
    void flushWaitsForAnItemThatIsQueuedOrRuns() {
        WorkQueue.Item slow = slow("slow");
        lab.start("task", self -> {
            slow.queue(self);
            slow.flush(self);
            log.add("flushed");
            slow.flush(self);
            log.add("nothing to flush");
        });
        lab.start("other", self -> {
            self.sleep(5_000);
            slow.flush(self);
            log.add("flushed by another");
        });
        finish();
        assertThat(log).startsWith("slow begins", "slow ends").hasSize(5);
    }

    @Test
    void flushDoesNotWaitForWhatIsQueuedLater() {
        WorkQueue.Item[] item = new WorkQueue.Item[1];
        boolean[] stop = new boolean[1];
        item[0] = queue.newItem("for ever", context -> {
            context.sleep(10_000);
            log.add("run");
            if (!stop[0]) {
                item[0].queue(context);
            }
        });
        lab.start("task", self -> {
            item[0].queue(self);
            item[0].flush(self);
            log.add("flushed");
            stop[0] = true;
        });
        finish();
        assertThat(log.subList(0, 2)).containsExactly("run", "flushed");
    }

    // ---- cancel

    @Test
    void cancelTakesBackWhatIsQueued() {
        WorkQueue.Item item = item("item");
        lab.startOn(0, "task", self -> {
            self.cpu().preemptDisable();
            queue.queueFromOutside(item);
            self.cpu().preemptEnableWithoutPoint();
            assertThat(item.cancel(self)).isTrue();
            assertThat(item.cancel(self)).isFalse();
            log.add("cancelled");
            assertThat(item.queue(self)).as("it can be queued again").isTrue();
        });
        finish();
        assertThat(log).containsExactly("cancelled", "item");
    }

    @Test
    void cancelWaitsForTheRunInProgress() {
        WorkQueue.Item slow = slow("slow");
        lab.start("task", self -> {
            slow.queue(self);
            self.sleep(5_000);
            assertThat(slow.cancel(self)).as("it was not queued, it ran").isFalse();
            log.add("cancelled");
        });
        finish();
        assertThat(log).containsExactly("slow begins", "slow ends", "cancelled");
    }

    @Test
    void cancelEndsAnItemThatQueuesItself() {
        WorkQueue.Item[] item = new WorkQueue.Item[1];
        item[0] = queue.newItem("for ever", context -> {
            context.sleep(10_000);
            log.add("run");
            item[0].queue(context);
        });
        lab.start("task", self -> {
            item[0].queue(self);
            self.sleep(35_000);
            item[0].cancel(self);
            log.add("cancelled");
        });
        finish();
        assertThat(log).startsWith("run", "run").endsWith("cancelled");
    }

    @Test
    void cancelReleasesThoseWhoFlush() {
        WorkQueue.Item slow = slow("slow");
        lab.start("task", self -> {
            slow.queue(self);
            self.sleep(5_000);
            slow.queue(self);
            lab.start("flusher", flusher -> {
                slow.flush(flusher);
                log.add("flushed");
            });
            self.sleep(1_000);
            assertThat(slow.cancel(self)).isTrue();
        });
        lab.run();
        lab.checkHealthy();
        assertThat(log).containsExactly("slow begins", "slow ends", "flushed");
    }

    @Test
    void disabledForGoodItIsNotQueuedAnyMore() {
        WorkQueue.Item item = item("item");
        lab.start("task", self -> {
            item.disableForGood();
            assertThat(item.queue(self)).isFalse();
            item.cancel(self);
        });
        finish();
        assertThat(log).isEmpty();
    }

    // ---- misuse

    @Test
    void anItemThatWaitsForItselfIsReported() {
        WorkQueue.Item[] item = new WorkQueue.Item[1];
        item[0] = queue.newItem("narcissus", context -> item[0].flush(context));
        lab.start("task", self -> item[0].queue(self));
        lab.run();
        assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
        assertThat(lab.reports()).contains("but task is already holding lock (work narcissus)");
    }

    @Test
    void anItemThatThrowsTakesItsWorkerAlongButNotWhatWaits() {
        WorkQueue.Item[] item = new WorkQueue.Item[1];
        item[0] = queue.newItem("thrower", context -> {
            log.add("run");
            if (log.size() == 1) {
                item[0].queue(context);
                throw new IllegalStateException("a bug in a driver");
            }
        });
        lab.start("task", self -> {
            item[0].queue(self);
            item[0].flush(self);
            log.add("flushed");
        });
        lab.run();
        assertThat(lab.deadTasks()).hasSize(1);
        assertThat(log).containsExactlyInAnyOrder("run", "flushed", "run");
        assertThat(lab.execution().tasks())
                .as("the dead worker is forgotten")
                .noneMatch(task -> task.state() == Task.DEAD && task.name().startsWith("kworker"));
    }
}
