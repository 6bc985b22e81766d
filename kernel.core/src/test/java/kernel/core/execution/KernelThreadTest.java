// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.api.thread.KernelThread;
import org.junit.jupiter.api.Test;

/** Threads of modules: they wake, they stop when they are told to, and who stops them waits until they have. */
class KernelThreadTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void aThreadSleepsUntilItsConditionHoldsOrItShouldStop() {
        try (Lab lab = Lab.deterministic(2)) {
            int[] items = new int[1];
            lab.start("task", self -> {
                KernelThread thread = lab.execution().startStoppableThread("consumer", (context, me) -> {
                    while (!me.shouldStop()) {
                        me.sleepUntil(context, () -> items[0] > 0);
                        while (items[0] > 0) {
                            items[0]--;
                            log.add(context.currentName());
                        }
                    }
                    log.add("ends");
                });
                self.sleep(1_000);
                for (int i = 0; i < 3; i++) {
                    items[0]++;
                    thread.wake(self);
                    self.sleep(1_000);
                }
                assertThat(log).hasSize(3);
                assertThat(thread.shouldStop()).isFalse();
                thread.stop(self);
                assertThat(log).containsExactly("consumer", "consumer", "consumer", "ends");
                thread.stop(self);
                thread.wake(self);
            });
            lab.finish();
            assertThat(lab.execution().tasks()).noneMatch(task -> task.name().equals("consumer"));
        }
    }

    @Test
    void aThreadThatEndsByItselfCanBeStopped() {
        try (Lab lab = Lab.deterministic(1)) {
            lab.start("task", self -> {
                KernelThread thread = lab.execution().startStoppableThread("short", (context, me) -> log.add("ran"));
                self.sleep(10_000);
                thread.stop(self);
                log.add("stopped");
            });
            lab.finish();
        }
        assertThat(log).containsExactly("ran", "stopped");
    }

    @Test
    void aThreadStoppedBeforeItRanRunsAllTheSame() {
        try (Lab lab = Lab.deterministic(1)) {
            lab.start("task", self -> {
                self.cpu().preemptDisable();
                KernelThread thread = lab.execution().startStoppableThread("late", (context, me) -> {
                    assertThat(me.shouldStop()).isTrue();
                    log.add("ran");
                });
                self.cpu().preemptEnableWithoutPoint();
                thread.stop(self);
                log.add("stopped");
            });
            lab.finish();
        }
        assertThat(log).containsExactly("ran", "stopped");
    }

    @Test
    void whoSleepsElsewhereLooksAgainWhenHeIsStopped() {
        try (Lab lab = Lab.deterministic(2)) {
            WaitQueueHead queue = lab.execution().newWaitQueue("elsewhere", Gone.NEVER);
            lab.start("task", self -> {
                KernelThread thread = lab.execution()
                        .startStoppableThread("sleeper", (context, me) -> queue.waitEvent(context, me::shouldStop));
                self.sleep(1_000);
                thread.stop(self);
                log.add("stopped");
            });
            lab.finish();
        }
        assertThat(log).containsExactly("stopped");
    }

    @Test
    void aThreadThatStopsItselfIsToldWhy() {
        try (Lab lab = Lab.deterministic(1)) {
            lab.execution().startStoppableThread("suicide", (context, me) -> me.stop(context));
            lab.run();
            assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
            assertThat(lab.reports()).contains("reason: the thread would wait for its own end");
        }
    }

    @Test
    void anotherTaskCannotSleepInItsPlace() {
        try (Lab lab = Lab.deterministic(1)) {
            lab.start("task", self -> {
                KernelThread thread = lab.execution().startStoppableThread("thread", (context, me) -> {});
                thread.sleepUntil(self, () -> true);
            });
            lab.run();
            assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
        }
    }

    @Test
    void aThreadThatDiesCanBeStopped() {
        try (Lab lab = Lab.deterministic(1)) {
            lab.start("task", self -> {
                KernelThread thread = lab.execution().startStoppableThread("dying", (context, me) -> {
                    throw new IllegalStateException("a bug in a driver");
                });
                self.sleep(1_000);
                thread.stop(self);
                log.add("stopped");
            });
            lab.run();
            assertThat(lab.deadTasks()).singleElement().isInstanceOf(IllegalStateException.class);
        }
        assertThat(log).containsExactly("stopped");
    }

    @Test
    void noWakeUpAndNoStopIsLostUnderAnySchedule() {
        Exploration.of(2, lab -> {
            int[] items = new int[2];
            KernelThread thread = lab.execution().startStoppableThread("consumer", (context, me) -> {
                while (!me.shouldStop()) {
                    me.sleepUntil(context, () -> items[0] > items[1]);
                    items[1] = items[0];
                }
            });
            lab.start("producer", self -> {
                for (int i = 0; i < 3; i++) {
                    items[0]++;
                    thread.wake(self);
                    while (items[1] < items[0]) {
                        self.sleep(10);
                    }
                }
                thread.stop(self);
            });
            lab.finish();
            assertThat(items[1]).isEqualTo(3);
        });
    }
}
