// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.cpu.Processor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who runs where, for how long, and how a task comes to its end. */
class SchedulerTest {
    private Lab lab = Lab.deterministic(1);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private void useCpus(int cpus) {
        lab.close();
        lab = Lab.deterministic(cpus);
    }

    /** Computes for that long, with a point every 100 microseconds. */
    private void compute(Task self, long nanos) {
        for (long spent = 0; spent < nanos; spent += 100_000) {
            lab.spend(100_000);
            self.cpu().point(Point.REGISTER_ACCESS);
        }
    }

    // ---- time slices

    @Test
    void whoeverComputesIsPreemptedWhenOthersWait() {
        lab.recording();
        for (String name : List.of("a", "b", "c")) {
            lab.start(name, self -> compute(self, 3 * Execution.SLICE_NANOS));
        }
        lab.finish();
        List<TraceRecord> switches = lab.records(TraceEvent.SWITCH);
        assertThat(switches.subList(0, 9))
                .extracting(TraceRecord::text)
                .containsExactly("a", "b", "c", "a", "b", "c", "a", "b", "c");
        for (int i = 1; i < 9; i++) {
            assertThat(switches.get(i).nanos() - switches.get(i - 1).nanos())
                    .isBetween(Execution.SLICE_NANOS - 200_000, Execution.SLICE_NANOS + 200_000);
        }
    }

    @Test
    void whoeverComputesAloneIsLeftAlone() {
        lab.recording();
        lab.start("alone", self -> compute(self, 20 * Execution.SLICE_NANOS));
        lab.finish();
        assertThat(lab.records(TraceEvent.SWITCH))
                .as("to the task and away from it")
                .hasSize(2);
        assertThat(lab.records(TraceEvent.IRQ_ENTRY))
                .as("no tick without anybody to switch to")
                .isEmpty();
    }

    @Test
    void allHaveTheSamePriorityAndComeInTurn() {
        for (String name : List.of("a", "b", "c")) {
            lab.start(name, self -> {
                for (int i = 0; i < 3; i++) {
                    log.add(name);
                    self.yieldProcessor();
                }
            });
        }
        lab.finish();
        assertThat(log).containsExactly("a", "b", "c", "a", "b", "c", "a", "b", "c");
    }

    @Test
    void theTimeThatATaskHadIsAccounted() {
        Task busy = lab.start("busy", self -> compute(self, 3_000_000));
        Task lazy = lab.start("lazy", self -> self.sleep(3_000_000));
        lab.finish();
        assertThat(busy.runtimeNanos()).isBetween(3_000_000L, 3_200_000L);
        assertThat(lazy.runtimeNanos()).isLessThan(10_000);
    }

    // ---- several processors

    @Test
    void tasksSpreadOverTheProcessors() {
        useCpus(3);
        List<Integer> where = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lab.start("task" + i, self -> {
                where.add(self.processor());
                compute(self, 1_000_000);
            });
        }
        lab.finish();
        assertThat(where).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void twoThatAreWokenForOneIdleProcessorBothMove() {
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        boolean[] go = new boolean[1];
        for (String name : List.of("a", "b")) {
            lab.start(name, self -> {
                queue.waitEvent(self, () -> go[0]);
                log.add(name + " begins");
                compute(self, 3 * Execution.SLICE_NANOS);
                log.add(name + " ends");
            });
        }
        SoftTimer timer = new SoftTimer(context -> {
            go[0] = true;
            queue.wakeUp(context);
        });
        lab.start("waker", self -> timer.arm(self, 1_000_000));
        lab.finish();
        assertThat(log).startsWith("a begins", "b begins");
    }

    @Test
    void twoThatAreWokenTogetherGetAProcessorEach() {
        useCpus(2);
        WaitQueueHead queue = lab.execution().newWaitQueue("queue", Gone.NEVER);
        boolean[] go = new boolean[1];
        List<Integer> where = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            lab.start(name, self -> {
                queue.waitEvent(self, () -> go[0]);
                where.add(self.processor());
                compute(self, 1_000_000);
            });
        }
        SoftTimer timer = new SoftTimer(context -> {
            go[0] = true;
            queue.wakeUp(context);
        });
        lab.start("waker", self -> timer.arm(self, 1_000_000));
        lab.finish();
        assertThat(where).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void whoStaysWithItsWakerGoesOnInThatOnesPlace() {
        useCpus(2);
        WaitQueueHead queue = lab.execution().newWaitQueue("done", Gone.NEVER);
        List<Integer> where = new ArrayList<>();
        boolean[] done = new boolean[1];
        lab.start("waiter", self -> {
            self.setStaysWithWaker(true);
            lab.startOn(1 - self.processor(), "worker", worker -> {
                compute(worker, 1_000_000);
                where.add(worker.processor());
                done[0] = true;
                queue.wakeUp(worker);
            });
            int before = self.processor();
            queue.waitEvent(self, () -> done[0]);
            where.add(self.processor());
            assertThat(self.processor()).as("its own was idle all the time").isNotEqualTo(before);
        });
        lab.finish();
        assertThat(where).hasSize(2).containsOnly(where.getFirst());
    }

    @Test
    void whoWaitsBehindOneThatComputesIsPushedToAnIdleProcessor() {
        useCpus(2);
        lab.startOn(0, "busy", self -> {
            compute(self, 10 * Execution.SLICE_NANOS);
            log.add("busy ends");
        });
        lab.startOn(1, "short", self -> compute(self, 1_000_000));
        // Both are busy now, so it queues behind the first.
        lab.start("waiting", self -> log.add("on " + self.processor()));
        lab.finish();
        assertThat(log).containsExactly("on 1", "busy ends");
    }

    @Test
    void aPinnedTaskStaysWhereItIs() {
        useCpus(2);
        lab.startOn(0, "busy", self -> {
            lab.startOn(0, "pinned", other -> {
                for (int i = 0; i < 5; i++) {
                    log.add("on " + other.processor());
                    other.sleep(1_000);
                }
            });
            compute(self, 5 * Execution.SLICE_NANOS);
        });
        lab.finish();
        assertThat(log).hasSize(5).containsOnly("on 0");
    }

    // ---- tasks

    @Test
    void processIdsAreNeverUsedAgainAndTheFirstIsKeptForInit() {
        Task first = lab.start("first", self -> lab.execution().forget(self));
        lab.finish();
        Task second = lab.start("second", self -> {});
        assertThat(first.pid()).isEqualTo(Execution.INIT_PID + 1);
        assertThat(second.pid()).isEqualTo(first.pid() + 1);
        assertThat(lab.execution().task(first.pid())).isNull();
        assertThat(lab.execution().task(second.pid())).isSameAs(second);
        lab.finish();
    }

    @Test
    void wakingOneThatIsAwakeOrDeadChangesNothing() {
        Task task = lab.start("task", self -> {
            assertThat(lab.execution().wake(self, Task.UNINTERRUPTIBLE | Task.INTERRUPTIBLE))
                    .isFalse();
            log.add("runs");
        });
        assertThat(lab.execution().wake(task, Task.UNINTERRUPTIBLE))
                .as("started already")
                .isFalse();
        lab.finish();
        assertThat(lab.execution().wake(task, Task.UNINTERRUPTIBLE | Task.INTERRUPTIBLE))
                .isFalse();
        lab.run();
        assertThat(log).containsExactly("runs");
    }

    @Test
    void aTaskKnowsItselfAndNobodyElseIsIt() {
        lab.start("task", self -> {
            assertThat(lab.execution().currentTask()).isSameAs(self);
            assertThat(self.isOnOwnThread()).isTrue();
            assertThat(lab.execution().callersCpu()).isSameAs(self.cpu());
        });
        lab.finish();
        assertThat(lab.execution().currentTask()).isNull();
        assertThat(lab.execution().callersCpu()).isNull();
    }

    // ---- the end of a task

    @Test
    void aTaskThatThrowsGivesItsProcessorToTheOthers() {
        lab.start("thrower", self -> {
            throw new IllegalStateException("a bug in a driver");
        });
        lab.start("sneaky", self -> sneak(new IOException("undeclared")));
        lab.start("other", self -> log.add("other"));
        lab.run();
        assertThat(lab.deadTasks()).hasSize(2);
        assertThat(log).containsExactly("other");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable any) throws T {
        throw (T) any;
    }

    @Test
    void aTaskThatThrowsAHaltWithoutAHaltDiesLikeAnyOther() {
        lab.start("liar", self -> {
            throw new Halt("not really");
        });
        lab.start("other", self -> log.add("other"));
        lab.run();
        assertThat(lab.deadTasks()).hasSize(1);
        assertThat(log).containsExactly("other");
    }

    @Test
    void aTaskThatEndsWithASpinLockIsReportedAndDoesNotTakeItsProcessorAlong() {
        lab.start("careless", self -> lab.execution().newSpinLock("forgotten").lockIrqSave(self));
        lab.start("other", self -> {
            self.sleep(1_000);
            log.add("other");
        });
        lab.run();
        assertThat(log).containsExactly("other");
        assertThat(lab.reports())
                .contains(" spin lock forgotten")
                .anyMatch(line -> line.endsWith("exited with preempt_count 1, irqs disabled"));
    }

    @Test
    void aTaskThatVanishesGivesItsProcessorAway() {
        lab.start("vanishing", Task::vanish);
        lab.start("other", self -> log.add("other"));
        lab.finish();
        assertThat(log).containsExactly("other");
    }

    @Test
    void aKernelThreadIsForgottenWhenItEndsEvenByThrowing() {
        lab.execution().startKernelThread("good", self -> {});
        lab.execution().startKernelThread("bad", self -> {
            throw new IllegalStateException("a bug in a driver");
        });
        lab.run();
        assertThat(lab.execution().tasks()).isEmpty();
    }

    @Test
    void aHundredTasksComeAndGo() {
        useCpus(2);
        IntStream.range(0, 100)
                .forEach(i -> lab.start("task" + i, self -> {
                    self.sleep(100 - i);
                    log.add(self.name());
                }));
        lab.finish();
        assertThat(log).hasSize(100);
    }

    // ---- user mode

    @Test
    void betweenTrapsTheProcessorIsInUserMode() {
        lab.start("program", self -> {
            self.leaveKernel();
            assertThat(self.cpu().processor().mode()).isEqualTo(Processor.USER);
            self.enterKernel();
            assertThat(self.cpu().processor().mode()).isEqualTo(Processor.KERNEL);
        });
        lab.finish();
    }

    @Test
    void aProgramThatComputesIsPreemptedAtItsTraps() {
        for (String name : List.of("a", "b")) {
            lab.start(name, self -> {
                self.leaveKernel();
                for (int i = 0; i < 3; i++) {
                    lab.spend(Execution.SLICE_NANOS);
                    self.enterKernel();
                    log.add(name);
                    self.leaveKernel();
                }
                self.enterKernel();
            });
        }
        lab.finish();
        assertThat(log.subList(0, 3)).contains("a", "b");
    }
}
