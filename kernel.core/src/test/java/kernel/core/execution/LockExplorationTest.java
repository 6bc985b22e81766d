// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import kernel.api.context.Context;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import org.junit.jupiter.api.Test;

/**
 * Locks under many schedules: nobody is ever inside beside another, nobody waits for ever. The same programs with a mistake in
 * them show that the schedules would find it.
 */
class LockExplorationTest {
    /** Within so many schedules a mistake must have shown. */
    private static final int FOUND_WITHIN = 500;

    /** A counter that loses updates when two are at it: between reading and writing there is a point. */
    private static final class Counter {
        private int value;

        void increment(Context context) {
            int read = value;
            ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            value = read + 1;
        }
    }

    @Test
    void aSpinLockKeepsUpdates() {
        Exploration.of(3, lab -> count(lab, true));
    }

    @Test
    void withoutTheLockUpdatesAreLost() {
        assertThat(Exploration.firstFailure(3, FOUND_WITHIN, lab -> count(lab, false)))
                .isNotNegative();
    }

    private static void count(Lab lab, boolean locked) {
        SpinLock lock = lab.execution().newSpinLock("lock");
        Counter counter = new Counter();
        for (int i = 0; i < 3; i++) {
            lab.start("task" + i, self -> {
                for (int n = 0; n < 4; n++) {
                    if (locked) {
                        lock.lock(self);
                    }
                    counter.increment(self);
                    if (locked) {
                        lock.unlock(self);
                    }
                }
            });
        }
        lab.finish();
        assertThat(counter.value).isEqualTo(12);
    }

    @Test
    void tryLockKeepsUpdatesToo() {
        Exploration.of(2, lab -> {
            SpinLock lock = lab.execution().newSpinLock("lock");
            Counter counter = new Counter();
            int[] refused = new int[1];
            for (int i = 0; i < 3; i++) {
                lab.start("task" + i, self -> {
                    for (int n = 0; n < 3; n++) {
                        if (lock.tryLock(self)) {
                            counter.increment(self);
                            lock.unlock(self);
                        } else {
                            refused[0]++;
                        }
                    }
                });
            }
            lab.finish();
            assertThat(counter.value + refused[0]).isEqualTo(9);
        });
    }

    // ---- shared with a handler

    @Test
    void lockIrqSaveKeepsAHandlerOut() {
        Exploration.of(2, lab -> shareWithHandler(lab, true));
    }

    @Test
    void aMissingLockIrqSaveIsFound() {
        long seed = Exploration.firstFailure(2, FOUND_WITHIN, lab -> shareWithHandler(lab, false));
        assertThat(seed).isNotNegative();
        try (Lab lab = Lab.exploring(2, seed)) {
            try {
                shareWithHandler(lab, false);
            } catch (AssertionError e) {
                assertThat(lab.reports())
                        .as("what is said")
                        .anyMatch(line -> line.startsWith("BUG: spinlock recursion"));
            }
        }
    }

    private static void shareWithHandler(Lab lab, boolean save) {
        SpinLock lock = lab.execution().newSpinLock("lock");
        Counter counter = new Counter();
        BusDevice device = lab.plug(new Doorbell(Trigger.LEVEL));
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            lock.lock(context);
            int rings = device.read32(Doorbell.DONE.offset());
            device.write32(Doorbell.DONE.offset(), rings);
            for (int i = 0; i < rings; i++) {
                counter.increment(context);
            }
            lock.unlock(context);
            return InterruptResult.HANDLED;
        });
        for (int i = 0; i < 2; i++) {
            lab.start("task" + i, self -> {
                for (int n = 0; n < 3; n++) {
                    device.write32(Doorbell.RING.offset(), 300);
                    boolean flags = true;
                    if (save) {
                        flags = lock.lockIrqSave(self);
                    } else {
                        lock.lock(self);
                    }
                    counter.increment(self);
                    if (save) {
                        lock.unlockIrqRestore(self, flags);
                    } else {
                        lock.unlock(self);
                    }
                }
            });
        }
        lab.finish();
        assertThat(counter.value).isEqualTo(12);
    }

    @Test
    void lockBhKeepsATaskletOut() {
        Exploration.of(2, lab -> shareWithTasklet(lab, true));
    }

    @Test
    void aMissingLockBhIsFound() {
        assertThat(Exploration.firstFailure(2, FOUND_WITHIN, lab -> shareWithTasklet(lab, false)))
                .isNotNegative();
    }

    private static void shareWithTasklet(Lab lab, boolean bh) {
        SpinLock lock = lab.execution().newSpinLock("lock");
        Counter counter = new Counter();
        int[] runs = new int[1];
        SoftTimer[] timers = new SoftTimer[2];
        for (int i = 0; i < 2; i++) {
            int me = i;
            timers[i] = new SoftTimer(context -> {
                lock.lock(context);
                runs[0]++;
                counter.increment(context);
                lock.unlock(context);
            });
            lab.start("task" + i, self -> {
                timers[me].arm(self, 200);
                for (int n = 0; n < 3; n++) {
                    if (bh) {
                        lock.lockBh(self);
                    } else {
                        lock.lock(self);
                    }
                    counter.increment(self);
                    if (bh) {
                        lock.unlockBh(self);
                    } else {
                        lock.unlock(self);
                    }
                }
            });
        }
        lab.finish();
        assertThat(runs[0]).isEqualTo(2);
        assertThat(counter.value).isEqualTo(8);
    }

    /** The one who spins for the outer lock is interrupted by a handler that holds what the outer lock's owner wants next. */
    @Test
    void aHandlerOnTopOfOneWhoSpinsIsNoDeadlock() {
        Exploration.of(2, lab -> {
            SpinLock outer = lab.execution().newSpinLock("outer");
            SpinLock inner = lab.execution().newSpinLock("inner");
            BusDevice device = lab.plug(new Doorbell(Trigger.LEVEL));
            lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
                inner.lock(context);
                device.write32(Doorbell.DONE.offset(), device.read32(Doorbell.DONE.offset()));
                inner.unlock(context);
                return InterruptResult.HANDLED;
            });
            for (int i = 0; i < 2; i++) {
                lab.startOn(i, "task" + i, self -> {
                    for (int n = 0; n < 3; n++) {
                        device.write32(Doorbell.RING.offset(), 100);
                        outer.lock(self);
                        boolean flags = inner.lockIrqSave(self);
                        inner.unlockIrqRestore(self, flags);
                        outer.unlock(self);
                    }
                });
            }
            lab.finish();
        });
    }

    @Test
    void locksTakenInOppositeOrderAreFound() {
        long seed = Exploration.firstFailure(2, FOUND_WITHIN, lab -> {
            SpinLock a = lab.execution().newSpinLock("a");
            SpinLock b = lab.execution().newSpinLock("b");
            for (int i = 0; i < 2; i++) {
                SpinLock first = i == 0 ? a : b;
                SpinLock second = i == 0 ? b : a;
                lab.start("task" + i, self -> {
                    first.lock(self);
                    second.lock(self);
                    second.unlock(self);
                    first.unlock(self);
                });
            }
            lab.finish();
        });
        assertThat(seed).isNotNegative();
    }

    // ---- mutexes

    @Test
    void aMutexKeepsUpdatesAndNobodyWaitsForEver() {
        Exploration.of(2, lab -> {
            Mutex mutex = lab.execution().newMutex("mutex");
            Counter counter = new Counter();
            for (int i = 0; i < 4; i++) {
                lab.start("task" + i, self -> {
                    for (int n = 0; n < 2; n++) {
                        mutex.lock(self);
                        counter.increment(self);
                        if (n == 0) {
                            self.sleep(200);
                        }
                        mutex.unlock(self);
                    }
                });
            }
            lab.finish();
            assertThat(counter.value).isEqualTo(8);
        });
    }

    /** The wake-up of an unlock may come to somebody who leaves by a signal: the next in line must get it then. */
    @Test
    void aWaiterThatLeavesByASignalPassesItsWakeUpOn() {
        Exploration.of(2, lab -> {
            Mutex mutex = lab.execution().newMutex("mutex");
            Counter counter = new Counter();
            List<Integer> answers = new ArrayList<>();
            List<Task> signalled = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                signalled.add(lab.start("signalled" + i, self -> {
                    int answer = mutex.lockInterruptible(self);
                    answers.add(answer);
                    if (answer == 0) {
                        counter.increment(self);
                        mutex.unlock(self);
                    }
                }));
            }
            for (int i = 0; i < 3; i++) {
                lab.start("patient" + i, self -> {
                    mutex.lock(self);
                    counter.increment(self);
                    mutex.unlock(self);
                });
            }
            lab.start("killer", self -> {
                self.sleep(300);
                signalled.forEach(task -> task.setSignalPending(true));
            });
            lab.finish();
            assertThat(answers).hasSize(2).containsAnyOf(0, -ERESTARTSYS);
            assertThat(counter.value)
                    .isEqualTo(3
                            + (int) answers.stream()
                                    .filter(answer -> answer == 0)
                                    .count());
        });
    }

    @Test
    void whateverDiesWithAMutexTheOthersGoOn() {
        Exploration.of(2, lab -> {
            Mutex mutex = lab.execution().newMutex("mutex");
            int[] served = new int[1];
            for (int i = 0; i < 3; i++) {
                int me = i;
                lab.start("task" + i, self -> {
                    mutex.lock(self);
                    self.sleep(100);
                    served[0]++;
                    if (me == 0) {
                        throw new IllegalStateException("a bug in a driver");
                    }
                    mutex.unlock(self);
                });
            }
            lab.run();
            assertThat(lab.deadTasks()).hasSize(1);
            assertThat(served[0]).isEqualTo(3);
        });
    }
}
