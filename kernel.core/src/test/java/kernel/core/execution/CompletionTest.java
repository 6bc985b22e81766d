// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.api.wait.Completion;
import org.junit.jupiter.api.Test;

/** Each completion lets one waiter go, whichever comes first, and none is lost under any schedule. */
class CompletionTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void aCompletionIsRememberedAndTakenOnce() {
        try (Lab lab = Lab.deterministic(1)) {
            Completion completion = lab.execution().newCompletion("done");
            lab.start("task", self -> {
                assertThat(completion.tryTake()).isFalse();
                completion.complete(self);
                completion.complete(self);
                assertThat(completion.isDone()).isTrue();
                assertThat(completion.await(self)).isZero();
                assertThat(completion.tryTake()).isTrue();
                assertThat(completion.isDone()).isFalse();
                completion.complete(self);
                completion.reset();
                assertThat(completion.awaitTimeout(self, 1_000)).isZero();
            });
            lab.finish();
        }
    }

    @Test
    void aCompletionForGoodLetsAllGoUntilItIsReset() {
        try (Lab lab = Lab.deterministic(2)) {
            Completion completion = lab.execution().newCompletion("done");
            for (int i = 0; i < 4; i++) {
                lab.start("waiter", self -> assertThat(completion.await(self)).isZero());
            }
            lab.start("task", self -> {
                self.sleep(1_000);
                completion.completeAll(self);
                completion.complete(self);
                assertThat(completion.await(self)).isZero();
                assertThat(completion.awaitTimeout(self, 77)).isEqualTo(77);
                self.sleep(1_000);
                completion.reset();
                assertThat(completion.isDone()).isFalse();
            });
            lab.finish();
        }
    }

    @Test
    void waitersGoInTheOrderInWhichTheyCame() {
        try (Lab lab = Lab.deterministic(1)) {
            Completion completion = lab.execution().newCompletion("done");
            for (int i = 0; i < 4; i++) {
                String name = "waiter" + i;
                lab.start(name, self -> {
                    completion.await(self);
                    log.add(name);
                });
            }
            lab.run();
            lab.start("task", self -> {
                for (int i = 0; i < 4; i++) {
                    completion.complete(self);
                    self.sleep(1_000);
                    assertThat(log).hasSize(i + 1);
                }
            });
            lab.finish();
        }
        assertThat(log).containsExactly("waiter0", "waiter1", "waiter2", "waiter3");
    }

    @Test
    void whatIsLeftOfTheTimeIsAnswered() {
        try (Lab lab = Lab.deterministic(1)) {
            Completion completion = lab.execution().newCompletion("done");
            lab.start("task", self -> {
                long before = self.nanoTime();
                assertThat(completion.awaitTimeout(self, 10_000)).isZero();
                assertThat(self.nanoTime() - before).isGreaterThanOrEqualTo(10_000);
                assertThat(completion.awaitTimeout(self, 10_000_000)).isBetween(1L, 9_995_000L);
                assertThat(completion.awaitTimeout(self, 0)).isZero();
            });
            lab.start("other", self -> {
                self.sleep(20_000);
                completion.complete(self);
            });
            lab.finish();
        }
    }

    @Test
    void onlyTheInterruptibleWaitEndsWithASignal() {
        try (Lab lab = Lab.deterministic(2)) {
            Completion completion = lab.execution().newCompletion("done");
            Task patient = lab.start("patient", self -> log.add("patient " + completion.await(self)));
            Task other = lab.start("other", self -> log.add("other " + completion.awaitInterruptible(self)));
            lab.run();
            patient.setSignalPending(true);
            other.setSignalPending(true);
            lab.run();
            assertThat(log).containsExactly("other -" + ERESTARTSYS);
            lab.start("task", completion::complete);
            lab.finish();
        }
        assertThat(log).containsExactly("other -" + ERESTARTSYS, "patient 0");
    }

    @Test
    void asManyGoAsAreCompletedUnderEverySchedule() {
        Exploration.of(2, lab -> {
            Completion completion = lab.execution().newCompletion("done");
            int[] gone = new int[1];
            List<Task> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                boolean interruptible = i == 0;
                waiters.add(lab.start("waiter" + i, self -> {
                    int result = interruptible ? completion.awaitInterruptible(self) : completion.await(self);
                    if (result == 0) {
                        gone[0]++;
                    }
                }));
            }
            lab.start("completer", self -> {
                completion.complete(self);
                completion.complete(self);
            });
            lab.start("signaller", self -> waiters.getFirst().setSignalPending(true));
            lab.start("taker", self -> {
                if (completion.awaitTimeout(self, 500) > 0) {
                    gone[0]++;
                }
            });
            lab.run();
            lab.checkHealthy();
            assertThat(gone[0] + (completion.isDone() ? 1 : 0)).isEqualTo(2);
            long asleep =
                    waiters.stream().filter(task -> task.state() != Task.DEAD).count();
            assertThat(completion.isDone() && asleep > 0)
                    .as("completed, and somebody sleeps")
                    .isFalse();
        });
    }
}
