// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Processors that really run side by side, more of them than the host has. Latches wait generously: how long something takes
 * is not what is tested here, but that it comes to an end.
 */
class LiveExecutionTest {
    private static final int CPUS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How often things happen; in a campaign, for about a minute. */
    private static final int FACTOR = Boolean.getBoolean("ubend.campaign") ? 40 : 1;

    private final List<Task> tasks = new ArrayList<>();
    private final List<CountDownLatch> ends = new ArrayList<>();
    private Lab lab;

    @AfterEach
    void close() throws InterruptedException {
        if (lab != null) {
            closeAndFindNoThread();
        }
    }

    private void boot(VirtualThreads threads) {
        lab = Lab.live(CPUS, "livetest", threads);
    }

    private void closeAndFindNoThread() throws InterruptedException {
        lab.close();
        for (Task task : tasks) {
            Thread thread = task.thread();
            assertThat(thread == null || thread.join(PATIENCE))
                    .as("%s has ended", task)
                    .isTrue();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("livetest-"));
        lab = null;
    }

    /** Starts a task that the test waits for. */
    private Task start(String name, Consumer<Task> body) {
        CountDownLatch end = new CountDownLatch(1);
        ends.add(end);
        Task task = lab.start(name, self -> {
            try {
                body.accept(self);
            } finally {
                end.countDown();
            }
        });
        tasks.add(task);
        return task;
    }

    private void awaitAll() throws InterruptedException {
        for (CountDownLatch end : ends) {
            await(end);
        }
        lab.checkHealthy();
    }

    private void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nothing happens any more\n" + lab.tasks());
        }
    }

    // ---- stress

    @Test
    void nothingIsLostWhenEverythingHappensAtOnce() throws InterruptedException {
        boot(VirtualThreads.best());
        everything(3_000 * FACTOR);
    }

    @Test
    void nothingIsLostOnTheThreadsOfTheJdkEither() throws InterruptedException {
        boot(VirtualThreads.ofTheJdk());
        everything(1_000 * FACTOR);
    }

    private void everything(int rounds) throws InterruptedException {
        pingPong(rounds / 10);
        AtomicInteger rings = new AtomicInteger();
        AtomicInteger handled = ringers(rounds, rings);
        AtomicInteger counted = counters(rounds);
        workers(rounds);
        programs(rounds * 20);
        timers(rounds / 10);
        awaitAll();
        assertThat(handled.get()).isEqualTo(rings.get());
        assertThat(counted.get()).isEqualTo(3 * rounds);
    }

    /** Three who pass a token on; a lost wake-up ends it. */
    private void pingPong(int rounds) {
        WaitQueueHead queue = lab.execution().newWaitQueue("token", Gone.NEVER);
        int[] holder = new int[1];
        for (int i = 0; i < 3; i++) {
            int me = i;
            start("pingpong" + i, self -> {
                for (int round = 0; round < rounds; round++) {
                    queue.waitEvent(self, () -> holder[0] == me);
                    holder[0] = (me + 1) % 3;
                    queue.wakeUp(self);
                }
            });
        }
    }

    /** Two devices, rung within the register write and on the hardware's own timeline; each reader waits for its own rings. */
    private AtomicInteger ringers(int rounds, AtomicInteger rings) {
        AtomicInteger handled = new AtomicInteger();
        for (Trigger trigger : Trigger.values()) {
            BusDevice device = lab.plug(new Doorbell(trigger));
            WaitQueueHead queue = lab.execution().newWaitQueue("ring", Gone.NEVER);
            SpinLock lock = lab.execution().newSpinLock("ring");
            int[] done = new int[1];
            lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell" + trigger, context -> {
                lock.lock(context);
                int count = device.read32(Doorbell.DONE.offset());
                device.write32(Doorbell.DONE.offset(), count);
                done[0] += count;
                handled.addAndGet(count);
                lock.unlock(context);
                queue.wakeUp(context);
                return InterruptResult.HANDLED;
            });
            start("reader" + trigger, self -> {
                for (int round = 0; round < rounds; round++) {
                    rings.incrementAndGet();
                    int wanted = round + 1;
                    device.write32(Doorbell.RING.offset(), round % 3 == 0 ? 0 : round % 3 * 2_000);
                    self.cpu().point(Point.REGISTER_ACCESS);
                    queue.waitEvent(self, () -> {
                        boolean flags = lock.lockIrqSave(self);
                        boolean enough = done[0] == wanted;
                        lock.unlockIrqRestore(self, flags);
                        return enough;
                    });
                }
            });
        }
        return handled;
    }

    /** A plain counter under a mutex, and inside it one under a spin lock. */
    private AtomicInteger counters(int rounds) {
        Mutex mutex = lab.execution().newMutex("mutex");
        SpinLock lock = lab.execution().newSpinLock("spin");
        int[] plain = new int[2];
        AtomicInteger finished = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            start("counter" + i, self -> {
                for (int round = 0; round < rounds; round++) {
                    mutex.lock(self);
                    plain[0]++;
                    lock.lock(self);
                    plain[1]++;
                    lock.unlock(self);
                    mutex.unlock(self);
                }
                mutex.lock(self);
                if (finished.incrementAndGet() == 3) {
                    assertThat(plain).containsExactly(3 * rounds, 3 * rounds);
                    finished.set(3 * rounds);
                }
                mutex.unlock(self);
            });
        }
        return finished;
    }

    private void workers(int rounds) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger requested = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        WorkQueue.Item item = lab.execution().workQueue().newItem("item", context -> {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            seen.set(requested.get());
            context.yieldProcessor();
            inside.decrementAndGet();
        });
        SoftTasklet tasklet = new SoftTasklet("tasklet", false, item::queue);
        start("deferring", self -> {
            for (int round = 0; round < rounds; round++) {
                requested.incrementAndGet();
                if (round % 2 == 0) {
                    tasklet.schedule(self);
                    tasklet.kill(self);
                } else {
                    item.queue(self);
                }
                item.flush(self);
                assertThat(seen.get()).isEqualTo(requested.get());
            }
        });
    }

    private void programs(int traps) {
        for (int i = 0; i < 2; i++) {
            start("program" + i, self -> {
                self.leaveKernel();
                for (int trap = 0; trap < traps; trap++) {
                    self.enterKernel();
                    if (trap % 100 == 0) {
                        self.yieldProcessor();
                    }
                    self.leaveKernel();
                }
                self.enterKernel();
            });
        }
    }

    private void timers(int rounds) {
        AtomicInteger fired = new AtomicInteger();
        SoftTimer timer = new SoftTimer(context -> fired.incrementAndGet());
        start("timing", self -> {
            for (int round = 0; round < rounds; round++) {
                timer.arm(self, 5_000);
                self.sleep(20_000);
                timer.cancelAndWait(self);
            }
            assertThat(fired.get()).isBetween(1, rounds);
        });
    }

    // ---- user mode

    @Test
    void anInterruptReachesAProgramThatComputesAndNeverTraps() throws InterruptedException {
        boot(VirtualThreads.best());
        AtomicBoolean handled = new AtomicBoolean();
        BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            handled.set(true);
            return InterruptResult.HANDLED;
        });
        start("program", self -> {
            lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 1L << self.processor());
            device.write32(Doorbell.RING.offset(), 100_000);
            self.leaveKernel();
            while (!handled.get()) {
                Thread.onSpinWait();
            }
            self.enterKernel();
        });
        awaitAll();
    }

    // ---- the end

    @Test
    void whoSleepsForEverIsNoHindranceToTheEnd() throws InterruptedException {
        boot(VirtualThreads.best());
        sleepers();
        closeAndFindNoThread();
    }

    @Test
    void norIsItOnTheThreadsOfTheJdk() throws InterruptedException {
        boot(VirtualThreads.ofTheJdk());
        sleepers();
        closeAndFindNoThread();
    }

    private void sleepers() throws InterruptedException {
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        Mutex mutex = lab.execution().newMutex("mutex");
        CountDownLatch running = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            int kind = i % 4;
            tasks.add(lab.start("sleeper" + i, self -> {
                lab.execution().forget(self);
                running.countDown();
                switch (kind) {
                    case 0 -> queue.waitEvent(self, () -> false);
                    case 1 -> self.sleep(Long.MAX_VALUE);
                    case 2 -> {
                        mutex.lock(self);
                        queue.waitEventInterruptible(self, () -> false);
                    }
                    default -> {
                        self.leaveKernel();
                        while (true) {
                            self.enterKernel();
                            self.leaveKernel();
                        }
                    }
                }
            }));
        }
        await(running);
    }

    @Test
    void aPanicInAHandlerEndsEverything() throws InterruptedException {
        boot(VirtualThreads.best());
        BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
        CountDownLatch interrupted = new CountDownLatch(1);
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            interrupted.countDown();
            throw new IllegalStateException("a bug in a driver");
        });
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        for (int i = 0; i < 2 * CPUS; i++) {
            tasks.add(lab.start("task" + i, self -> {
                device.write32(Doorbell.RING.offset(), 50_000);
                queue.waitEvent(self, () -> false);
            }));
        }
        await(interrupted);
        Lab panicked = lab;
        closeAndFindNoThread();
        assertThat(panicked.execution().isHalted()).isTrue();
        assertThat(panicked.deadInterrupts()).isNotEmpty().allMatch(IllegalStateException.class::isInstance);
        assertThat(panicked.deadTasks()).isEmpty();
    }

    @Test
    void aKernelIsBootedAndClosedAsOftenAsOneLikes() throws InterruptedException {
        for (int i = 0; i < 20 * FACTOR; i++) {
            boot(VirtualThreads.best());
            tasks.clear();
            ends.clear();
            start("task", self -> self.sleep(1_000));
            awaitAll();
            closeAndFindNoThread();
        }
    }

    @Test
    void aProgramThatNeverTrapsDoesNotKeepTheOthersFromEnding() throws InterruptedException {
        boot(VirtualThreads.best());
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        Task stubborn = lab.start("stubborn", self -> {
            self.leaveKernel();
            running.countDown();
            while (!stop.get()) {
                Thread.onSpinWait();
            }
            self.enterKernel();
        });
        Task sleeper = lab.start("sleeper", self -> self.sleep(Long.MAX_VALUE));
        await(running);
        lab.close();
        assertThat(sleeper.thread() == null || sleeper.thread().join(PATIENCE)).isTrue();
        assertThat(stubborn.thread().isAlive()).isTrue();
        stop.set(true);
        tasks.add(stubborn);
        assertThat(stubborn.thread().join(PATIENCE)).isTrue();
        for (Thread carrier : Thread.getAllStackTraces().keySet()) {
            if (carrier.getName().startsWith("livetest-")) {
                assertThat(carrier.join(PATIENCE)).isTrue();
            }
        }
    }
}
