// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import kernel.api.interrupt.InterruptResult;
import org.junit.jupiter.api.Test;

/** Sleeping and waking under many schedules: no wake-up, no interrupt and no signal is ever lost. */
class SleepExplorationTest {
    private static final int FOUND_WITHIN = 500;

    /** What a driver does that waits: how it waits is up to the test. */
    @FunctionalInterface
    private interface Wait {
        void until(Task self, WaitQueueHead queue, BooleanSupplier condition);
    }

    @Test
    void noWakeUpIsLostInAPingPong() {
        Exploration.of(2, lab -> pingPong(lab, (self, queue, condition) -> queue.waitEvent(self, condition)));
    }

    /** The classic: the condition is looked at before the task is in the queue, so that a wake-up in between finds nobody. */
    @Test
    void aCheckBeforeTheQueueIsFound() {
        assertThat(Exploration.firstFailure(
                        2, FOUND_WITHIN, lab -> pingPong(lab, SleepExplorationTest::checkThenEnqueue)))
                .isNotNegative();
    }

    private static void checkThenEnqueue(Task self, WaitQueueHead queue, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            self.cpu().point(Point.SLEEP);
            queue.enqueue(self.waiter);
            self.setState(Task.UNINTERRUPTIBLE);
            self.execution().schedule(self, false);
            queue.dequeue(self.waiter);
        }
    }

    /** In the queue in time, but the state is set after the look at the condition: a waker in between thinks that it is awake. */
    @Test
    void aCheckBeforeTheStateIsFound() {
        assertThat(Exploration.firstFailure(
                        2, FOUND_WITHIN, lab -> pingPong(lab, SleepExplorationTest::checkThenSetState)))
                .isNotNegative();
    }

    private static void checkThenSetState(Task self, WaitQueueHead queue, BooleanSupplier condition) {
        queue.enqueue(self.waiter);
        while (!condition.getAsBoolean()) {
            self.cpu().point(Point.SLEEP);
            self.setState(Task.UNINTERRUPTIBLE);
            self.execution().schedule(self, false);
        }
        queue.dequeue(self.waiter);
    }

    private static void pingPong(Lab lab, Wait wait) {
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        int[] turn = new int[1];
        for (int i = 0; i < 3; i++) {
            int me = i;
            lab.start("task" + i, self -> {
                for (int round = 0; round < 3; round++) {
                    wait.until(self, queue, () -> turn[0] == me);
                    turn[0] = (me + 1) % 3;
                    queue.wakeUp(self);
                }
            });
        }
        lab.finish();
    }

    /** What a sensor's read does: start, sleep until the handler has said that it is done. */
    @Test
    void noInterruptIsLostBetweenTheDeviceAndItsReaders() {
        for (Trigger trigger : Trigger.values()) {
            Exploration.of(2, lab -> readers(lab, trigger));
        }
    }

    private static void readers(Lab lab, Trigger trigger) {
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        BusDevice device = lab.plug(new Doorbell(trigger));
        int[] finished = new int[1];
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            int count = device.read32(Doorbell.DONE.offset());
            device.write32(Doorbell.DONE.offset(), count);
            finished[0] += count;
            queue.wakeUp(context);
            return InterruptResult.HANDLED;
        });
        for (int i = 0; i < 3; i++) {
            int delay = i == 0 ? 0 : 400 * i;
            lab.start("reader" + i, self -> {
                for (int n = 0; n < 2; n++) {
                    device.write32(Doorbell.RING.offset(), delay);
                    self.cpu().point(Point.REGISTER_ACCESS);
                }
                queue.waitEvent(self, () -> finished[0] == 6);
            });
        }
        lab.finish();
        assertThat(finished[0]).isEqualTo(6);
    }

    @Test
    void aSignalAndAWakeUpAtOnceEndTheWaitOnceAndNothingHangs() {
        Exploration.of(2, lab -> {
            WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
            boolean[] ready = new boolean[1];
            List<Integer> answers = new ArrayList<>();
            Task waiter = lab.start("waiter", self -> answers.add(queue.waitEventInterruptible(self, () -> ready[0])));
            lab.start("killer", self -> {
                self.cpu().point(Point.REGISTER_ACCESS);
                waiter.setSignalPending(true);
            });
            lab.start("waker", self -> {
                ready[0] = true;
                queue.wakeUp(self);
            });
            lab.finish();
            assertThat(answers).singleElement().isIn(0, -ERESTARTSYS);
        });
    }

    @Test
    void aTimeoutAndAWakeUpAtOnceEndTheWaitOnce() {
        Exploration.of(2, lab -> {
            WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
            boolean[] ready = new boolean[1];
            lab.start("waiter", self -> {
                long left = queue.waitEventInterruptibleTimeout(self, () -> ready[0], 500);
                assertThat(left).isBetween(0L, 500L);
                if (left > 0) {
                    assertThat(ready[0]).isTrue();
                }
                self.sleep(100);
            });
            lab.start("waker", self -> {
                self.sleep(300);
                ready[0] = true;
                queue.wakeUp(self);
            });
            lab.finish();
        });
    }

    @Test
    void nobodySleepsOnInAQueueWhoseDeviceHasGone() {
        Exploration.of(2, lab -> {
            boolean[] gone = new boolean[1];
            WaitQueueHead queue = lab.execution().newWaitQueue("queue", () -> gone[0]);
            for (int i = 0; i < 3; i++) {
                lab.start(
                        "waiter" + i,
                        self -> assertThat(queue.waitEvent(self, () -> false)).isEqualTo(-ENODEV));
            }
            lab.start("unplug", self -> {
                self.sleep(200);
                gone[0] = true;
                queue.wakeAllFromOutside();
            });
            lab.finish();
        });
    }

    @Test
    void sleepersAllWakeHoweverTheirTimersFall() {
        Exploration.of(3, lab -> {
            for (int i = 0; i < 5; i++) {
                int me = i;
                lab.start("sleeper" + i, self -> {
                    long end = self.nanoTime() + 700;
                    self.sleep(100L * me);
                    self.sleep(700 - 100 * me);
                    assertThat(self.nanoTime()).isGreaterThanOrEqualTo(end);
                });
            }
            lab.finish();
        });
    }

    /** Preemption anywhere, also between saying that it sleeps and sleeping: nobody is run twice or lost. */
    @Test
    void tasksThatAreMovedBetweenProcessorsRunOnOneAtATime() {
        Exploration.of(3, lab -> {
            WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
            int[] tokens = new int[1];
            boolean[] inside = new boolean[6];
            for (int i = 0; i < 6; i++) {
                int me = i;
                lab.start("task" + i, self -> {
                    for (int n = 0; n < 3; n++) {
                        assertThat(inside[me]).isFalse();
                        inside[me] = true;
                        lab.spend(Execution.SLICE_NANOS / 2);
                        self.cpu().point(Point.REGISTER_ACCESS);
                        assertThat(self.cpu().current()).isSameAs(self);
                        inside[me] = false;
                        tokens[0]++;
                        queue.wakeUp(self);
                        if (me % 2 == 0) {
                            self.yieldProcessor();
                        } else {
                            queue.waitEvent(self, () -> tokens[0] > 2);
                        }
                    }
                });
            }
            lab.finish();
            assertThat(tokens[0]).isEqualTo(18);
        });
    }

    @Test
    void aProgramAndItsInterruptsShareAProcessor() {
        Exploration.of(2, lab -> {
            BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
            int[] handled = new int[1];
            lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
                int count = device.read32(Doorbell.DONE.offset());
                device.write32(Doorbell.DONE.offset(), count);
                handled[0] += count;
                return InterruptResult.HANDLED;
            });
            for (int i = 0; i < 3; i++) {
                lab.start("program" + i, self -> {
                    self.leaveKernel();
                    for (int n = 0; n < 4; n++) {
                        self.enterKernel();
                        device.write32(Doorbell.RING.offset(), n * 100);
                        self.leaveKernel();
                    }
                    self.enterKernel();
                });
            }
            lab.finish();
            assertThat(handled[0]).isEqualTo(12);
        });
    }
}
