// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.BusDevice;
import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kernel.api.interrupt.InterruptResult;
import kernel.core.schedule.Moves;
import kernel.core.schedule.Schedule;
import kernel.core.schedule.SeededSchedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Driving a machine step by step: where a run ends, how it goes on, and who may not interfere. */
@Timeout(60)
class DeterministicConductorTest {
    private Lab lab = Lab.deterministic(2);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private DeterministicConductor conductor() {
        return lab.execution().deterministicConductor();
    }

    private static void points(Cpu cpu, int count) {
        for (int i = 0; i < count; i++) {
            cpu.point(Point.REGISTER_ACCESS);
        }
    }

    // ---- where a run ends

    @Test
    void aRunEndsWhenItsConditionHoldsAndGoesOnFromThere() {
        lab.start("task", self -> {
            for (int i = 0; i < 10; i++) {
                log.add("step");
                points(self.cpu(), 1);
            }
        });
        for (int steps = 1; steps <= 10; steps++) {
            int wanted = steps;
            assertThat(lab.runUntil(() -> log.size() == wanted)).isTrue();
            assertThat(log).hasSize(steps);
            assertThat(lab.runUntil(() -> log.size() == wanted))
                    .as("holds already")
                    .isTrue();
        }
        assertThat(lab.runUntil(() -> log.size() == 11)).isFalse();
        lab.finish();
    }

    @Test
    void aRunThatEndsInAHandlerOnTopOfATaskGoesOnThere() {
        endInHandler(() -> lab.startOn(0, "bystander", self -> {
            points(self.cpu(), 20);
            log.add("task ends");
        }));
        lab.finish();
        assertThat(log).containsExactly("begins", "ends", "task ends");
    }

    @Test
    void aRunThatEndsInAHandlerOfAnIdleProcessorGoesOnThere() {
        endInHandler(() -> {});
        assertThat(lab.cpu(0).processor().mode()).isEqualTo(Processor.INTERRUPT);
        lab.start("task", self -> log.add("task"));
        lab.finish();
        assertThat(log).containsExactly("begins", "ends", "task");
    }

    private void endInHandler(Runnable before) {
        BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            log.add("begins");
            points(lab.cpu(0), 5);
            log.add("ends");
            return InterruptResult.HANDLED;
        });
        lab.machine().interrupts().setTargets(device.interruptLines().getFirst(), 1);
        before.run();
        device.write32(Doorbell.RING.offset(), 0);
        assertThat(lab.runUntil(() -> log.size() == 1)).isTrue();
        assertThat(lab.cpu(0).inHardirq()).isTrue();
    }

    @Test
    void aRunEndsBeforeTheFirstEventBeyondItsLimit() {
        lab.after(1_000, () -> log.add("early"));
        lab.after(2_000, () -> log.add("late"));
        assertThat(conductor().run(() -> false, 1_500)).isFalse();
        assertThat(log).containsExactly("early");
        assertThat(conductor().canMove()).as("later").isTrue();
        lab.run();
        assertThat(log).containsExactly("early", "late");
        assertThat(conductor().canMove()).isFalse();
    }

    @Test
    void aRunEndsAtItsLimitAlthoughATaskWouldGoOnForEver() {
        lab.start("busy", self -> {
            while (log.isEmpty()) {
                points(self.cpu(), 1);
            }
        });
        conductor().run(() -> false, 100_000);
        assertThat(lab.execution().now()).isBetween(100_000L, 101_000L);
        log.add("stop");
        lab.finish();
    }

    @Test
    void timePassesOnlyInTheMachine() {
        lab.after(5_000_000_000L, () -> log.add("event"));
        assertThat(lab.execution().now()).isZero();
        lab.run();
        assertThat(lab.execution().now()).isEqualTo(5_000_000_000L);
    }

    // ---- halt

    @Test
    void aHaltEndsTheRunWhoeverMoves() {
        lab.start("other", self -> points(self.cpu(), 1_000));
        lab.start("panicking", self -> {
            points(self.cpu(), 10);
            lab.execution().halt();
            points(self.cpu(), 10);
            log.add("never reached");
        });
        lab.run();
        lab.run();
        assertThat(log).isEmpty();
        assertThat(lab.deadTasks()).isEmpty();
    }

    @Test
    void aHaltInAnEventEndsTheRun() {
        lab.after(1_000, lab.execution()::halt);
        lab.start("sleeper", self -> self.sleep(1_000_000));
        lab.run();
        assertThat(lab.execution().now()).isLessThan(10_000);
    }

    @Test
    void aHaltInAHandlerOfAnIdleProcessorEndsTheRun() {
        BusDevice device = lab.plug(new Doorbell(Trigger.EDGE));
        lab.execution().interrupts().request(device.interruptLines().getFirst(), "bell", context -> {
            lab.execution().halt();
            return InterruptResult.HANDLED;
        });
        device.write32(Doorbell.RING.offset(), 1_000);
        lab.run();
        assertThat(lab.execution().isHalted()).isTrue();
    }

    @Test
    void aProgramThatSwallowsTheHaltAndVanishesEndsTheRunAllTheSame() {
        lab.start("stubborn", self -> {
            try {
                lab.execution().halt();
                points(self.cpu(), 1);
            } catch (Halt e) {
                self.vanish();
            }
        });
        lab.run();
        assertThat(lab.execution().isHalted()).isTrue();
    }

    // ---- threads

    @Test
    void noThreadSurvivesTheEndWhateverItWasDoing() {
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        List<Task> tasks = new ArrayList<>();
        tasks.add(lab.start("waits", self -> queue.waitEvent(self, () -> false)));
        tasks.add(lab.start("sleeps", self -> self.sleep(Long.MAX_VALUE)));
        tasks.add(lab.start("in the middle", self -> {
            while (true) {
                points(self.cpu(), 1);
            }
        }));
        tasks.add(lab.start("forgotten", self -> {
            lab.execution().forget(self);
            self.sleep(Long.MAX_VALUE);
        }));
        tasks.add(lab.start("waits in the end", self -> {
            try {
                self.sleep(Long.MAX_VALUE);
            } finally {
                queue.waitEvent(self, () -> false);
            }
        }));
        conductor().run(() -> false, 10 * Execution.SLICE_NANOS);
        List<Thread> threads = tasks.stream().map(Task::thread).toList();
        assertThat(threads).allMatch(Thread::isAlive);
        lab.close();
        assertThat(threads).noneMatch(Thread::isAlive);
        assertThat(lab.execution().tasks()).isEmpty();
    }

    @Test
    void aThreadThatIsInterruptedByTheHostSleepsOn() {
        Task sleeper = lab.start("sleeper", self -> {
            Thread.currentThread().interrupt();
            self.sleep(1_000);
            log.add("slept");
        });
        lab.finish();
        assertThat(sleeper.state()).isEqualTo(Task.DEAD);
        assertThat(log).containsExactly("slept");
    }

    @Test
    void aForeignThreadAtAPointFailsTheRunEvenWithTheContextOfTheTaskThatMoves() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        lab.start("careless", self -> {
            Thread foreign = Thread.ofPlatform().unstarted(() -> queue.wakeUp(self));
            foreign.setUncaughtExceptionHandler((thread, e) -> seen.set(e));
            foreign.start();
            try {
                foreign.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            points(self.cpu(), 1);
        });
        assertThatThrownBy(lab::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("foreign thread")
                .hasMessageContaining("careless");
        assertThat(seen.get()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aForeignThreadBetweenRunsIsNoticedToo() {
        Task task = lab.start("task", self -> self.sleep(1_000));
        conductor().run(() -> task.state() == Task.UNINTERRUPTIBLE, 500);
        assertThatThrownBy(() -> task.cpu().point(Point.REGISTER_ACCESS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("foreign thread");
    }

    // ---- mistakes of the one who drives

    @Test
    void aScheduleThatThrowsFailsTheRunAndNoTask() {
        lab.close();
        Schedule schedule = new Schedule() {
            private int asked;

            @Override
            public int choose(Moves moves) {
                if (++asked == 5) {
                    throw new IllegalArgumentException("the recording ends here");
                }
                return 0;
            }
        };
        lab = Lab.scheduled(2, schedule);
        lab.start("a", self -> points(self.cpu(), 20));
        lab.start("b", self -> points(self.cpu(), 20));
        assertThatThrownBy(lab::run).hasMessage("the recording ends here");
        lab.finish();
    }

    @Test
    void aConditionThatThrowsFailsTheRunAndNoTask() {
        lab.start("task", self -> points(self.cpu(), 20));
        assertThatThrownBy(() -> lab.runUntil(() -> {
                    if (lab.execution().now() > 500) {
                        throw new AssertionError("not what the test expects");
                    }
                    return false;
                }))
                .hasMessage("not what the test expects");
        lab.finish();
    }

    // ---- without carriers of our own

    @Test
    void onTheThreadsOfTheJdkARunIsTheSame() {
        List<String> ours = recorded(VirtualThreads.best());
        List<String> theirs = recorded(VirtualThreads.ofTheJdk());
        assertThat(ours).hasSizeGreaterThan(20).isEqualTo(theirs);
    }

    private static List<String> recorded(VirtualThreads threads) {
        try (Lab lab = Lab.scheduled(2, new SeededSchedule(7), threads).recording()) {
            WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
            int[] turn = new int[1];
            for (int i = 0; i < 2; i++) {
                int me = i;
                lab.start("task" + i, self -> {
                    for (int round = 0; round < 5; round++) {
                        queue.waitEvent(self, () -> turn[0] == me);
                        turn[0] = 1 - me;
                        queue.wakeUp(self);
                    }
                });
            }
            lab.finish();
            return lab.records().stream().map(Object::toString).toList();
        }
    }
}
