// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.api.lock.Mutex;
import kernel.core.trace.TraceEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wait queues: what ends a wait, and what it answers then. */
class WaitQueueTest {
    private final Lab lab = Lab.deterministic(1);
    private final AtomicBoolean gone = new AtomicBoolean();
    private final WaitQueueHead queue = lab.execution().newWaitQueue("queue", gone::get);
    private final List<Object> log = new ArrayList<>();
    private boolean ready;
    private int asked;

    @AfterEach
    void close() {
        lab.close();
    }

    private boolean isReady() {
        asked++;
        return ready;
    }

    @Test
    void whoWaitsForWhatIsTrueDoesNotSleep() {
        ready = true;
        lab.recording();
        lab.start("task", self -> {
            self.setSignalPending(true);
            assertThat(queue.waitEvent(self, this::isReady)).isZero();
            assertThat(queue.waitEventInterruptible(self, this::isReady)).isZero();
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 7))
                    .isEqualTo(7);
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 0))
                    .isEqualTo(1);
        });
        lab.finish();
        assertThat(lab.records(TraceEvent.SLEEP)).isEmpty();
        assertThat(asked).isEqualTo(4);
    }

    @Test
    void aWakeUpWithNothingTrueLeavesThemAsleep() {
        lab.start("waiter", self -> {
            assertThat(queue.waitEvent(self, this::isReady)).isZero();
            log.add("woken");
        });
        lab.start("waker", self -> {
            self.sleep(1_000);
            int before = asked;
            queue.wakeUp(self);
            self.sleep(1_000);
            assertThat(asked).as("asked again after the wake-up").isGreaterThan(before);
            log.add("ready");
            ready = true;
            queue.wakeUp(self);
        });
        lab.finish();
        assertThat(log).containsExactly("ready", "woken");
    }

    @Test
    void aWakeUpBetweenTheConditionAndTheSleepIsNotLost() {
        Lab two = Lab.deterministic(2);
        WaitQueueHead other = two.execution().newWaitQueue("other", Gone.NEVER);
        two.startOn(
                0,
                "waiter",
                self -> other.waitEvent(self, () -> {
                    boolean seen = ready;
                    if (self.state() == Task.UNINTERRUPTIBLE && !ready) {
                        // In the middle of the decision to sleep, another processor makes it true and wakes.
                        two.startOn(1, "waker", waker -> {
                            ready = true;
                            other.wakeUp(waker);
                            log.add("woke");
                        });
                        while (log.isEmpty()) {
                            self.cpu().point(Point.REGISTER_ACCESS);
                        }
                    }
                    return seen;
                }));
        try (two) {
            two.finish();
        }
        assertThat(log).containsExactly("woke");
    }

    @Test
    void theTaskAtWorkWithItsConditionMayBePreempted() {
        lab.start(
                "waiter",
                self -> queue.waitEvent(self, () -> {
                    if (self.state() != Task.RUNNING) {
                        lab.spend(2 * Execution.SLICE_NANOS);
                        self.cpu().point(Point.REGISTER_ACCESS);
                    }
                    return isReady();
                }));
        lab.start("waker", self -> {
            ready = true;
            queue.wakeUp(self);
        });
        lab.finish();
    }

    @Test
    void everybodyWhoWaitsIsWoken() {
        for (int i = 0; i < 5; i++) {
            lab.start("waiter" + i, self -> queue.waitEvent(self, this::isReady));
        }
        lab.start("waker", self -> {
            self.sleep(1_000);
            ready = true;
            queue.wakeUp(self);
        });
        lab.finish();
    }

    @Test
    void whoLeavesTheMiddleOfTheQueueLeavesTheOthersInIt() {
        List<Task> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiters.add(lab.start("waiter" + i, self -> log.add(queue.waitEventInterruptible(self, this::isReady))));
        }
        lab.start("waker", self -> {
            self.sleep(1_000);
            for (int i : List.of(2, 0, 4)) {
                waiters.get(i).setSignalPending(true);
                self.sleep(1_000);
            }
            ready = true;
            queue.wakeUpAll(self);
        });
        lab.finish();
        assertThat(log).containsExactly(-ERESTARTSYS, -ERESTARTSYS, -ERESTARTSYS, 0, 0);
    }

    // ---- signals

    @Test
    void aSignalEndsAnInterruptibleWait() {
        Task waiter = lab.start("waiter", self -> {
            assertThat(queue.waitEventInterruptible(self, this::isReady)).isEqualTo(-ERESTARTSYS);
            assertThat(queue.waitEventInterruptible(self, this::isReady))
                    .as("while it is pending, nobody sleeps")
                    .isEqualTo(-ERESTARTSYS);
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 1_000))
                    .isEqualTo(-ERESTARTSYS);
            assertThat(self.waitingFor()).isEmpty();
        });
        lab.start("killer", self -> {
            self.sleep(1_000);
            assertThat(waiter.state()).isEqualTo(Task.INTERRUPTIBLE);
            assertThat(waiter.waitingFor()).isEqualTo("queue");
            waiter.setSignalPending(true);
        });
        lab.finish();
    }

    @Test
    void noSignalEndsAnUninterruptibleWait() {
        Task waiter = lab.start("waiter", self -> {
            assertThat(queue.waitEvent(self, this::isReady)).isZero();
            log.add("woken");
        });
        lab.start("killer", self -> {
            self.sleep(1_000);
            waiter.setSignalPending(true);
            self.sleep(1_000);
            assertThat(waiter.state()).isEqualTo(Task.UNINTERRUPTIBLE);
            log.add("ready");
            ready = true;
            queue.wakeUpInterruptible(self);
            self.sleep(1_000);
            log.add("all");
            queue.wakeUpAll(self);
        });
        lab.finish();
        assertThat(log).containsExactly("ready", "all", "woken");
    }

    // ---- time

    @Test
    void aTimeoutAnswersZeroAndNotBeforeItsTime() {
        lab.start("waiter", self -> {
            long before = self.nanoTime();
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 50_000))
                    .isZero();
            assertThat(self.nanoTime() - before).isBetween(50_000L, 60_000L);
        });
        lab.finish();
    }

    @Test
    void whatIsTrueInTimeAnswersTheTimeThatIsLeft() {
        lab.start(
                "waiter",
                self -> assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 50_000))
                        .isBetween(30_000L, 40_000L));
        lab.start("waker", self -> {
            self.sleep(10_000);
            ready = true;
            queue.wakeUp(self);
        });
        lab.finish();
    }

    @Test
    void noTimeAtAllIsNoWait() {
        lab.start("waiter", self -> {
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 0))
                    .isZero();
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, -5))
                    .isZero();
        });
        lab.finish();
    }

    @Test
    void theLongestTimeoutIsForEver() {
        lab.start("waiter", self -> {
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, Long.MAX_VALUE))
                    .isPositive();
            log.add("woken");
        });
        lab.run();
        assertThat(log).isEmpty();
        lab.start("waker", self -> {
            ready = true;
            queue.wakeUp(self);
        });
        lab.finish();
    }

    // ---- what the queue belongs to goes

    @Test
    void whenTheDeviceGoesAllSleepersAnswerEnodevAndNobodySleepsAnyMore() {
        lab.start("waiter", self -> {
            assertThat(queue.waitEvent(self, this::isReady)).isEqualTo(-ENODEV);
            assertThat(queue.waitEvent(self, this::isReady)).isEqualTo(-ENODEV);
            assertThat(queue.waitEventInterruptible(self, this::isReady)).isEqualTo(-ENODEV);
            assertThat(queue.waitEventInterruptibleTimeout(self, this::isReady, 1_000))
                    .isEqualTo(-ENODEV);
            ready = true;
            assertThat(queue.waitEvent(self, this::isReady))
                    .as("what is true is true")
                    .isZero();
        });
        lab.start("unplug", self -> {
            self.sleep(1_000);
            gone.set(true);
            queue.wakeAllFromOutside();
        });
        lab.finish();
    }

    // ---- misuse

    @Test
    void aConditionThatSleepsIsReported() {
        Mutex mutex = lab.execution().newMutex("mutex");
        lab.start(
                "waiter",
                self -> queue.waitEvent(self, () -> {
                    mutex.lock(self);
                    mutex.unlock(self);
                    return ready;
                }));
        lab.run();
        assertThat(lab.deadTasks()).singleElement().isInstanceOf(KernelBug.class);
        assertThat(lab.reports()).contains("do not call blocking ops when !TASK_RUNNING; state=2 set at [<queue>]");
    }

    @Test
    void aConditionThatThrowsLeavesTheQueueInOrder() {
        lab.start(
                "thrower",
                self -> queue.waitEvent(self, () -> {
                    if (self.state() != Task.RUNNING) {
                        throw new IllegalStateException("a bug in a driver");
                    }
                    return false;
                }));
        lab.start("waiter", self -> queue.waitEvent(self, this::isReady));
        lab.start("waker", self -> {
            self.sleep(1_000);
            ready = true;
            queue.wakeUp(self);
            log.add("woke");
        });
        lab.run();
        assertThat(lab.deadTasks()).hasSize(1);
        assertThat(lab.execution().tasks()).allMatch(task -> task.state() == Task.DEAD);
    }
}
