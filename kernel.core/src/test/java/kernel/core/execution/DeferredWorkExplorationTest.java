// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import kernel.api.context.Context;
import kernel.api.interrupt.InterruptResult;
import kernel.core.execution.Softirqs.Vector;
import org.junit.jupiter.api.Test;

/** Tasklets, timers, work items and handlers under many schedules: each runs, none beside itself, none after its end. */
class DeferredWorkExplorationTest {
    private static void points(Context context, int count) {
        for (int i = 0; i < count; i++) {
            ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
        }
    }

    /** Something that is never to be entered twice at once. */
    private static final class Room {
        private int inside;
        private int visits;
        private boolean closed;

        void visit(Context context) {
            assertThat(closed).as("visited after the end").isFalse();
            assertThat(++inside).as("visitors at once").isEqualTo(1);
            visits++;
            points(context, 2);
            inside--;
        }

        void close() {
            assertThat(inside).as("visitors at the end").isZero();
            closed = true;
        }
    }

    @Test
    void aTaskletRunsAfterEachSchedulingAndNeverBesideItself() {
        Exploration.of(3, lab -> {
            Room room = new Room();
            int[] requested = new int[1];
            int[] seen = new int[1];
            SoftTasklet tasklet = new SoftTasklet("tasklet", false, context -> {
                seen[0] = requested[0];
                room.visit(context);
            });
            for (int i = 0; i < 3; i++) {
                lab.start("task" + i, self -> {
                    for (int n = 0; n < 3; n++) {
                        requested[0]++;
                        tasklet.schedule(self);
                    }
                });
            }
            lab.run();
            lab.checkHealthy();
            assertThat(seen[0]).as("the last request was seen").isEqualTo(9);
            assertThat(room.visits).isBetween(1, 9);
        });
    }

    @Test
    void afterKillATaskletNeitherRunsNorWillRun() {
        Exploration.of(2, lab -> {
            Room room = new Room();
            SoftTasklet tasklet = new SoftTasklet("tasklet", false, room::visit);
            lab.start("user", self -> {
                for (int n = 0; n < 4; n++) {
                    tasklet.schedule(self);
                }
            });
            lab.start("killer", self -> {
                points(self, 3);
                tasklet.disableForGood();
                tasklet.kill(self);
                room.close();
            });
            lab.run();
            lab.checkHealthy();
        });
    }

    @Test
    void whateverIsRaisedRunsInTheEnd() {
        Exploration.of(2, lab -> {
            int[] raised = new int[1];
            int[] ran = new int[1];
            lab.execution().openSoftirq(Vector.NET_RX, context -> {
                ran[0] = raised[0];
                points(context, 1);
                if (raised[0] < 15) {
                    raised[0]++;
                    ((KernelContext) context).cpu().softirqs.raise(Vector.NET_RX);
                }
            });
            for (int i = 0; i < 2; i++) {
                lab.start("task" + i, self -> {
                    points(self, 1);
                    raised[0]++;
                    self.cpu().softirqs.raise(Vector.NET_RX);
                });
            }
            lab.run();
            lab.checkHealthy();
            assertThat(ran[0]).isEqualTo(raised[0]);
        });
    }

    // ---- work

    @Test
    void everyItemRunsAfterItsLastQueueingAndNeverBesideItself() {
        Exploration.of(2, lab -> {
            Room room = new Room();
            int[] requested = new int[1];
            int[] seen = new int[1];
            WorkQueue.Item item = lab.execution().workQueue().newItem("item", context -> {
                seen[0] = requested[0];
                room.visit(context);
                context.sleep(100);
            });
            for (int i = 0; i < 3; i++) {
                lab.start("task" + i, self -> {
                    for (int n = 0; n < 3; n++) {
                        requested[0]++;
                        item.queue(self);
                        if (n == 1) {
                            item.flush(self);
                        }
                    }
                });
            }
            lab.run();
            lab.checkHealthy();
            assertThat(seen[0]).isEqualTo(9);
        });
    }

    @Test
    void manyItemsAllRunAlthoughTheyWaitForEachOther() {
        Exploration.of(2, lab -> {
            WorkQueue queue = lab.execution().workQueue();
            int[] ran = new int[1];
            WorkQueue.Item[] items = new WorkQueue.Item[4];
            for (int i = 0; i < items.length; i++) {
                WorkQueue.Item next = i == 0 ? null : items[i - 1];
                items[i] = queue.newItem("item" + i, context -> {
                    if (next != null) {
                        next.flush(context);
                    }
                    ran[0]++;
                });
            }
            lab.start("forwards", self -> {
                for (WorkQueue.Item item : items) {
                    item.queue(self);
                }
            });
            lab.start("backwards", self -> {
                for (int i = items.length - 1; i >= 0; i--) {
                    items[i].queue(self);
                }
                for (WorkQueue.Item item : items) {
                    item.flush(self);
                }
                assertThat(ran[0]).isGreaterThanOrEqualTo(items.length);
            });
            lab.run();
            lab.checkHealthy();
            assertThat(ran[0]).isBetween(items.length, 2 * items.length);
        });
    }

    @Test
    void afterCancelAnItemNeitherRunsNorWillRun() {
        Exploration.of(2, lab -> {
            Room room = new Room();
            WorkQueue.Item[] item = new WorkQueue.Item[1];
            item[0] = lab.execution().workQueue().newItem("item", context -> {
                room.visit(context);
                item[0].queue(context);
            });
            boolean[] stop = new boolean[1];
            lab.start("user", self -> {
                for (int n = 0; n < 3 && !stop[0]; n++) {
                    item[0].queue(self);
                    self.sleep(50);
                }
            });
            for (int i = 0; i < 2; i++) {
                lab.start("canceller" + i, self -> {
                    self.sleep(200);
                    stop[0] = true;
                    item[0].disableForGood();
                    item[0].cancel(self);
                    room.close();
                });
            }
            lab.run();
            lab.checkHealthy();
            assertThat(room.closed).isTrue();
        });
    }

    // ---- timers

    @Test
    void aTimerArmedFromEverywhereRunsOnceAfterTheLastArmingAndNeverBesideItself() {
        Exploration.of(3, lab -> {
            Room room = new Room();
            int[] armed = new int[1];
            int[] seen = new int[1];
            SoftTimer timer = new SoftTimer(context -> {
                seen[0] = armed[0];
                room.visit(context);
            });
            for (int i = 0; i < 3; i++) {
                lab.startOn(i, "task" + i, self -> {
                    for (int n = 0; n < 3; n++) {
                        armed[0]++;
                        timer.arm(self, 50L * n);
                        points(self, 2);
                    }
                });
            }
            lab.run();
            lab.checkHealthy();
            assertThat(seen[0]).isEqualTo(9);
        });
    }

    @Test
    void afterCancelAndWaitATimerNeitherRunsNorWillRun() {
        Exploration.of(2, lab -> {
            Room room = new Room();
            SoftTimer[] timer = new SoftTimer[1];
            timer[0] = new SoftTimer(context -> {
                room.visit(context);
                timer[0].arm(context, 20);
            });
            lab.start("user", self -> {
                timer[0].arm(self, 20);
                points(self, 4);
            });
            lab.start("canceller", self -> {
                while (room.visits == 0) {
                    points(self, 1);
                }
                timer[0].cancelAndWait(self);
                room.close();
            });
            lab.run();
            lab.checkHealthy();
            assertThat(room.closed).isTrue();
        });
    }

    // ---- handlers

    @Test
    void afterFreeAHandlerNeitherRunsNorWillRun() {
        Exploration.of(2, lab -> {
            Room room = new Room();
            BusDevice device = lab.plug(new Doorbell(Trigger.LEVEL));
            InterruptLine line = device.interruptLines().getFirst();
            Interrupts interrupts = lab.execution().interrupts();
            Interrupts.Action action = interrupts.request(line, "bell", context -> {
                device.write32(Doorbell.DONE.offset(), device.read32(Doorbell.DONE.offset()));
                room.visit(context);
                return InterruptResult.HANDLED;
            });
            lab.start("user", self -> {
                for (int n = 0; n < 6; n++) {
                    device.write32(Doorbell.RING.offset(), 0);
                    points(self, 1);
                }
            });
            lab.start("free", self -> {
                points(self, 3);
                interrupts.free(self, line, action);
                room.close();
            });
            lab.run();
            lab.checkHealthy();
            assertThat(room.closed).isTrue();
        });
    }

    @Test
    void aHandlerThatFollowsAnotherGetsEveryInterrupt() {
        Exploration.of(2, lab -> {
            BusDevice device = lab.plug(new Doorbell(Trigger.LEVEL));
            InterruptLine line = device.interruptLines().getFirst();
            Interrupts interrupts = lab.execution().interrupts();
            Interrupts.Action first = interrupts.request(line, "first", context -> {
                points(context, 1);
                return InterruptResult.NONE;
            });
            int[] handled = new int[1];
            lab.start("user", self -> {
                device.write32(Doorbell.RING.offset(), 0);
                points(self, 2);
                device.write32(Doorbell.RING.offset(), 0);
            });
            lab.start("successor", self -> {
                points(self, 2);
                interrupts.free(self, line, first);
                interrupts.request(line, "second", context -> {
                    int count = device.read32(Doorbell.DONE.offset());
                    device.write32(Doorbell.DONE.offset(), count);
                    handled[0] += count;
                    return InterruptResult.HANDLED;
                });
            });
            lab.finish();
            assertThat(handled[0]).isEqualTo(2);
        });
    }
}
