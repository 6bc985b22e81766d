// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timers and sleeping: when, where and how often. */
class TimerTest {
    private final Lab lab = Lab.deterministic(2);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private SoftTimer timer(String name) {
        return new SoftTimer(context -> log.add(name));
    }

    @Test
    void itsFunctionRunsOnceInSoftirqContextAndNotBeforeItsTime() {
        long[] when = new long[2];
        SoftTimer timer = new SoftTimer(context -> {
            assertThat(((KernelContext) context).cpu().isServingSoftirq()).isTrue();
            when[1] = context.nanoTime();
            log.add("timer");
        });
        lab.start("task", self -> {
            when[0] = self.nanoTime();
            timer.arm(self, 5_000);
        });
        lab.finish();
        assertThat(log).hasSize(1);
        assertThat(when[1] - when[0]).isBetween(5_000L, 7_000L);
    }

    @Test
    void theyExpireInTheOrderOfTheirTimesAndThenOfTheirArming() {
        lab.start("task", self -> {
            long now = self.nanoTime();
            for (int time : new int[] {50, 20, 40, 10, 30}) {
                arm(self, now, timer("at " + time), time * 1_000L);
            }
            arm(self, now, timer("at 20, later"), 20_000);
        });
        lab.finish();
        assertThat(log).containsExactly("at 10", "at 20", "at 20, later", "at 30", "at 40", "at 50");
    }

    private static void arm(Task self, long start, SoftTimer timer, long delay) {
        timer.arm(self, start + delay - self.nanoTime());
    }

    @Test
    void armedAgainItMoves() {
        SoftTimer timer = timer("timer");
        lab.start("task", self -> {
            timer.arm(self, 10_000);
            timer.arm(self, 100_000);
            self.sleep(50_000);
            log.add("later");
        });
        lab.finish();
        assertThat(log).containsExactly("later", "timer");
    }

    @Test
    void armedFromAnotherProcessorItMovesThere() {
        SoftTimer timer = new SoftTimer(context -> log.add("on " + context.processor()));
        lab.startOn(0, "first", self -> {
            timer.arm(self, 10_000);
            lab.startOn(1, "second", other -> timer.arm(other, 20_000));
        });
        lab.finish();
        assertThat(log).containsExactly("on 1");
    }

    @Test
    void takenBackItDoesNotRun() {
        SoftTimer timer = timer("timer");
        lab.start("task", self -> {
            assertThat(timer.cancel(self)).as("never armed").isFalse();
            timer.arm(self, 10_000);
            assertThat(timer.cancel(self)).isTrue();
            assertThat(timer.cancel(self)).isFalse();
            timer.arm(self, 10_000);
            assertThat(timer.cancelAndWait(self)).isTrue();
            timer("other").arm(self, 20_000);
        });
        lab.finish();
        assertThat(log).containsExactly("other");
    }

    @Test
    void oneThatArmsItselfGoesOnUntilItIsCancelled() {
        SoftTimer[] timer = new SoftTimer[1];
        timer[0] = new SoftTimer(context -> {
            log.add("beat");
            timer[0].arm(context, 1_000);
        });
        lab.startOn(0, "task", self -> {
            timer[0].arm(self, 1_000);
            self.sleep(10_000);
            timer[0].cancelAndWait(self);
            log.add("cancelled");
        });
        lab.finish();
        assertThat(log).startsWith("beat", "beat", "beat").endsWith("cancelled");
    }

    @Test
    void cancelAndWaitWaitsForAFunctionThatRunsElsewhereAndTakesBackWhatItArmed() {
        SoftTimer[] timer = new SoftTimer[1];
        timer[0] = new SoftTimer(context -> {
            log.add("begins");
            for (int i = 0; i < 100; i++) {
                ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            }
            timer[0].arm(context, 1_000);
            log.add("ends");
        });
        lab.startOn(0, "task", self -> timer[0].arm(self, 1_000));
        lab.startOn(1, "canceller", self -> {
            while (log.isEmpty()) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            timer[0].cancelAndWait(self);
            log.add("cancelled");
        });
        lab.finish();
        assertThat(log).containsExactly("begins", "ends", "cancelled");
    }

    @Test
    void armedElsewhereWhileItsFunctionRunsItDoesNotRunBesideItself() {
        SoftTimer[] timer = new SoftTimer[1];
        timer[0] = new SoftTimer(context -> {
            log.add("begins on " + context.processor());
            while (log.size() == 1) {
                ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            }
            for (int i = 0; i < 100; i++) {
                ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            }
            log.add("ends");
        });
        lab.startOn(0, "task", self -> timer[0].arm(self, 1_000));
        lab.startOn(1, "other", self -> {
            while (log.isEmpty()) {
                self.cpu().point(Point.REGISTER_ACCESS);
            }
            timer[0].arm(self, 0);
            log.add("armed again");
        });
        lab.finish();
        assertThat(log).containsExactly("begins on 0", "armed again", "ends", "begins on 0", "ends");
    }

    @Test
    void disabledForGoodItCannotBeArmed() {
        SoftTimer timer = timer("timer");
        lab.start("task", self -> {
            timer.arm(self, 1_000);
            timer.disableForGood();
            timer.arm(self, 1_000);
            timer.cancelAndWait(self);
            timer.arm(self, 1_000);
        });
        lab.finish();
        assertThat(log).isEmpty();
    }

    @Test
    void theEndOfTimeIsNeverAndThePastIsNow() {
        lab.start("task", self -> {
            timer("never").arm(self, Long.MAX_VALUE);
            timer("now").arm(self, -5);
            self.sleep(10_000);
        });
        lab.finish();
        assertThat(log).containsExactly("now");
    }

    // ---- sleep

    @Test
    void sleepLastsAtLeastThatLong() {
        lab.start("task", self -> {
            for (long nanos : new long[] {0, 1, 999, 1_000_000_000_000L}) {
                long before = self.nanoTime();
                self.sleep(nanos);
                assertThat(self.nanoTime() - before).isBetween(nanos, nanos + 2_000);
            }
        });
        lab.finish();
    }

    @Test
    void whoSleepsToTheEndOfTimeDoesNotWake() {
        lab.start("task", self -> {
            self.sleep(Long.MAX_VALUE);
            log.add("woken");
        });
        lab.run();
        lab.checkHealthy();
        assertThat(log).isEmpty();
    }

    @Test
    void aSignalEndsAnInterruptibleSleepAndNoOther() {
        Task interruptible = lab.start("interruptible", self -> {
            assertThat(self.sleepInterruptible(1_000_000)).isEqualTo(-ERESTARTSYS);
            assertThat(self.nanoTime()).isLessThan(100_000);
            self.setSignalPending(false);
            assertThat(self.sleepInterruptible(1_000)).isZero();
        });
        Task uninterruptible = lab.start("uninterruptible", self -> {
            self.sleep(1_000_000);
            assertThat(self.nanoTime()).isGreaterThanOrEqualTo(1_000_000);
        });
        lab.start("killer", self -> {
            self.sleep(1_000);
            interruptible.setSignalPending(true);
            uninterruptible.setSignalPending(true);
        });
        lab.finish();
    }

    @Test
    void aWakeUpBeforeItsTimeDoesNotEndASleep() {
        Task sleeper = lab.start("sleeper", self -> {
            self.sleep(100_000);
            log.add("slept");
        });
        lab.start("waker", self -> {
            self.sleep(1_000);
            lab.execution().wake(sleeper, Task.UNINTERRUPTIBLE);
            self.sleep(10_000);
            log.add("waker");
        });
        lab.finish();
        assertThat(log).containsExactly("waker", "slept");
    }
}
