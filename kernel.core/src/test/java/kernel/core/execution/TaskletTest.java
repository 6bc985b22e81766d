// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasklets: how often they run, where, and how one gets rid of them. */
class TaskletTest {
    private final Lab lab = Lab.deterministic(2);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private SoftTasklet tasklet(String name) {
        return new SoftTasklet(name, false, context -> log.add(name));
    }

    /** Runs code with softirqs disabled: what it schedules runs when it is over. */
    private static void withoutSoftirqs(Task self, Runnable code) {
        self.cpu().softirqDisable();
        code.run();
        self.cpu().softirqEnable();
    }

    @Test
    void scheduledTwiceBeforeItRanItRunsOnce() {
        SoftTasklet tasklet = tasklet("tasklet");
        lab.start("task", self -> {
            withoutSoftirqs(self, () -> {
                tasklet.schedule(self);
                tasklet.schedule(self);
            });
            withoutSoftirqs(self, () -> tasklet.schedule(self));
        });
        lab.finish();
        assertThat(log).containsExactly("tasklet", "tasklet");
    }

    @Test
    void theyRunInTheOrderInWhichTheyWereScheduledThoseOfHighPriorityFirst() {
        SoftTasklet high = new SoftTasklet("high", true, context -> log.add("high"));
        lab.start(
                "task",
                self -> withoutSoftirqs(self, () -> {
                    tasklet("first").schedule(self);
                    tasklet("second").schedule(self);
                    high.schedule(self);
                    tasklet("third").schedule(self);
                }));
        lab.finish();
        assertThat(log).containsExactly("high", "first", "second", "third");
    }

    @Test
    void itRunsOnTheProcessorThatScheduledItWithoutAProcessOfItsOwn() {
        for (int id = 0; id < 2; id++) {
            int cpu = id;
            SoftTasklet where = new SoftTasklet("where", false, context -> {
                assertThat(context.processor()).isEqualTo(cpu);
                assertThat(lab.cpu(cpu).preemptCount()).isEqualTo(Cpu.SOFTIRQ_OFFSET);
                log.add(context.currentName());
            });
            lab.startOn(id, "task" + id, self -> withoutSoftirqs(self, () -> where.schedule(self)));
        }
        lab.finish();
        assertThat(log).containsExactlyInAnyOrder("task0", "task1");
    }

    @Test
    void oneThatSchedulesItselfRunsAgain() {
        SoftTasklet[] tasklet = new SoftTasklet[1];
        tasklet[0] = new SoftTasklet("again", false, context -> {
            log.add("run");
            if (log.size() < 3) {
                tasklet[0].schedule(context);
            }
        });
        lab.start("task", self -> withoutSoftirqs(self, () -> tasklet[0].schedule(self)));
        lab.finish();
        assertThat(log).hasSize(3);
    }

    @Test
    void scheduledElsewhereWhileItRunsItRunsAgainAndNeverTwiceAtOnce() {
        int[] inside = new int[1];
        SoftTasklet[] tasklet = new SoftTasklet[1];
        tasklet[0] = new SoftTasklet("slow", false, context -> {
            assertThat(++inside[0]).isEqualTo(1);
            log.add("on " + context.processor());
            if (log.size() == 1) {
                lab.startOn(
                        1,
                        "other",
                        other -> withoutSoftirqs(other, () -> {
                            tasklet[0].schedule(other);
                            log.add("scheduled again");
                        }));
                for (int i = 0; i < 100; i++) {
                    ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
                }
            }
            inside[0]--;
        });
        lab.startOn(0, "task", self -> withoutSoftirqs(self, () -> tasklet[0].schedule(self)));
        lab.run();
        lab.checkHealthy();
        assertThat(log).containsExactly("on 0", "scheduled again", "on 1");
    }

    @Test
    void killWaitsUntilItIsNeitherScheduledNorRunning() {
        SoftTasklet slow = new SoftTasklet("slow", false, context -> {
            log.add("begin");
            for (int i = 0; i < 100; i++) {
                ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            }
            log.add("end");
        });
        lab.startOn(
                0,
                "task",
                self -> withoutSoftirqs(self, () -> {
                    slow.schedule(self);
                    lab.startOn(1, "killer", killer -> {
                        slow.kill(killer);
                        log.add("killed");
                    });
                }));
        lab.finish();
        assertThat(log).containsExactly("begin", "end", "killed");
    }

    @Test
    void disabledForGoodItNeverRunsAgainEvenIfItWasScheduled() {
        SoftTasklet tasklet = tasklet("tasklet");
        lab.start("task", self -> {
            withoutSoftirqs(self, () -> {
                tasklet.schedule(self);
                tasklet.disableForGood();
            });
            withoutSoftirqs(self, () -> tasklet.schedule(self));
            tasklet.kill(self);
        });
        lab.finish();
        assertThat(log).isEmpty();
    }
}
