// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.core.process.SpawnedProcess;
import kernel.core.schedule.ExploringSchedule;
import kernel.core.trace.TraceEvent;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does a kernel boot, answer, run twice the same way, and leave nothing behind? */
final class KernelTest {
    private static final long MILLISECOND = 1_000_000;

    @Test
    void callRunsKernelCodeAndAnswers() {
        try (Kernel kernel = new Kernel(KernelConfig.deterministic(1))) {
            String answer = kernel.call("worker", context -> {
                context.sleep(MILLISECOND);
                return context.currentName() + kernel.<Integer>call("inner", inner -> inner.currentPid());
            });
            assertThat(answer).isEqualTo("worker2");
            assertThat(kernel.nowNanos()).isGreaterThan(MILLISECOND);
            assertThat(kernel.execution().tasks()).isEmpty();
        }
    }

    @Test
    void whatACallThrowsIsThrownOn() {
        try (Kernel kernel = new Kernel(KernelConfig.deterministic(1))) {
            assertThatThrownBy(() -> kernel.call("bad", context -> {
                        throw new IllegalArgumentException("no");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no");
            assertThat(kernel.<Integer>call("good", context -> 5)).isEqualTo(5);
        }
    }

    @Test
    void aCallThatNobodyWakesSaysSo() {
        try (Kernel kernel = new Kernel(KernelConfig.deterministic(1))) {
            assertThatThrownBy(() -> kernel.call(
                            "stuck", context -> kernel.waitQueue("never").waitEvent(context, () -> false)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("nothing can move");
        }
    }

    @Test
    void aLiveKernelRunsByItself() {
        try (Booted booted = Booted.live()) {
            assertThat(booted.kernel().<Integer>call("x", context -> context.sleepInterruptible(MILLISECOND)))
                    .isZero();
            AtomicInteger sum = new AtomicInteger();
            booted.run(user -> {
                for (int i = 0; i < 50; i++) {
                    int number = i;
                    long child = user.fork(own -> {
                        sum.addAndGet(number);
                        own.sleep(1000);
                        return number;
                    });
                    assertThat(user.waitFor(child)).isEqualTo(number << 8);
                }
            });
            assertThat(sum.get()).isEqualTo(1225);
            assertThatThrownBy(booted.kernel()::runUntilIdle).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aLiveKernelKillsASpinningSleeperOnAnotherProcessor() {
        try (Booted booted = Booted.live()) {
            booted.run(user -> {
                long child = user.fork(own -> {
                    while (own.pid() > 0) {
                        own.sleep(1000);
                    }
                    return 0;
                });
                user.sleep(MILLISECOND);
                user.kill(child, Signal.SIGKILL);
                assertThat(user.waitFor(child)).isEqualTo(Signal.SIGKILL);
            });
        }
    }

    /** Children, signals, sleeps and memory, all mixed up. */
    private static void commotion(User user) {
        List<Long> children = new ArrayList<>();
        long counter = user.words(0);
        user.handle(
                Signal.SIGUSR1,
                Signal.SA_RESTART,
                signal -> user.processor().storeLong(counter, user.word(counter) + 1));
        long parent = user.pid();
        for (int i = 0; i < 6; i++) {
            int number = i;
            children.add(user.fork(own -> {
                own.sleep(number * 700L);
                own.kill(parent, Signal.SIGUSR1);
                own.write(own.open("/dev/null", O_RDWR), "x".repeat(number));
                own.call(SystemCallNumber.SCHED_YIELD);
                return number;
            }));
        }
        for (long child : children) {
            user.waitFor(child);
        }
    }

    private static long hashOf(KernelConfig config) {
        try (Booted booted = new Booted(config).traced()) {
            booted.run(KernelTest::commotion);
            booted.kernel().runUntilIdle();
            assertThat(booted.events(TraceEvent.FORK)).hasSize(6);
            return booted.kernel().trace().hash();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSameSeedGivesTheSameTrace(long seed) {
        KernelConfig config = KernelConfig.deterministic(seed).withSchedule(ExploringSchedule::new);
        assertThat(hashOf(config)).isEqualTo(hashOf(config));
        assertThat(hashOf(KernelConfig.deterministic(seed))).isEqualTo(hashOf(KernelConfig.deterministic(seed)));
    }

    @Test
    void differentSeedsGiveDifferentTraces() {
        assertThat(hashOf(KernelConfig.deterministic(1))).isNotEqualTo(hashOf(KernelConfig.deterministic(2)));
    }

    @Test
    void nothingIsLeftUnderAnySchedule() {
        for (long seed = 0; seed < 300; seed++) {
            KernelConfig config = KernelConfig.deterministic(seed)
                    .withCpus(1 + (int) (seed % 3))
                    .withSchedule(ExploringSchedule::new);
            try (Booted booted = new Booted(config)) {
                booted.run(KernelTest::commotion);
                booted.kernel().runUntilIdle();
                assertThat(booted.kernel().pages().freePages())
                        .as("seed %d", seed)
                        .isEqualTo(booted.kernel().pages().totalPages());
                assertThat(booted.kernel().processes().processes())
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }
    }

    @Test
    void closingEndsWhateverSleeps() {
        Kernel kernel = new Kernel(KernelConfig.deterministic(1));
        SpawnedProcess process = kernel.spawn(
                (processor, sp) -> processor.trap(SystemCallNumber.PAUSE, 0, 0, 0, 0, 0, 0),
                new String[] {"sleeper"},
                new String[0]);
        kernel.runUntilIdle();
        kernel.close();
        assertThat(process.isAlive()).isTrue();
        assertThat(kernel.isHalted()).isTrue();
        assertThatThrownBy(() -> kernel.call("late", context -> 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aKernelThatHaltsSaysWhyOnce() {
        try (Kernel kernel = new Kernel(KernelConfig.deterministic(1))) {
            List<String> reasons = new ArrayList<>();
            kernel.onHalt(reasons::add);
            kernel.halt("first");
            kernel.halt("second");
            assertThat(reasons).containsExactly("first");
        }
    }
}
