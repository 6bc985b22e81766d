// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Do clocks show the machine's time, and do sleepers wake when it has come? */
final class TimeCallsTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long EPOCH_SECONDS = 1_767_225_600L;

    private final Booted booted = Booted.withSeed(7);

    @AfterEach
    void close() {
        booted.close();
    }

    private static long monotonic(User user) {
        long time = user.allocate(16);
        assertThat(user.call(SystemCallNumber.CLOCK_GETTIME, 1, time)).isZero();
        return user.word(time) * 1_000_000_000 + user.word(time + 8);
    }

    @Test
    void theWallClockBeginsAtAFixedDay() {
        booted.run(user -> {
            long time = user.allocate(16);
            assertThat(user.call(SystemCallNumber.CLOCK_GETTIME, 0, time)).isZero();
            assertThat(user.word(time)).isEqualTo(EPOCH_SECONDS);
            assertThat(user.call(SystemCallNumber.TIME, 0)).isEqualTo(EPOCH_SECONDS);
            assertThat(user.call(SystemCallNumber.TIME, time)).isEqualTo(EPOCH_SECONDS);
            assertThat(user.word(time)).isEqualTo(EPOCH_SECONDS);
            assertThat(user.call(SystemCallNumber.CLOCK_GETTIME, 77, time)).isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.CLOCK_GETTIME, 0, 8)).isEqualTo(-EFAULT);
            assertThat(user.call(SystemCallNumber.TIME, 8)).isEqualTo(-EFAULT);
        });
    }

    @Test
    void sleepLastsAsLongAsAsked() {
        booted.run(user -> {
            long before = monotonic(user);
            assertThat(user.sleep(50 * MILLISECOND)).isZero();
            assertThat(monotonic(user) - before).isBetween(50 * MILLISECOND, 51 * MILLISECOND);
            assertThat(user.call(SystemCallNumber.NANOSLEEP, user.words(0, 1_000_000_000), 0))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.NANOSLEEP, user.words(-1, 0), 0))
                    .isEqualTo(-EINVAL);
            assertThat(user.call(SystemCallNumber.NANOSLEEP, 8, 0)).isEqualTo(-EFAULT);
        });
    }

    @Test
    void absoluteSleepEndsAtItsTimeOnItsClock() {
        booted.run(user -> {
            long monotonicTarget = user.words(0, 20 * MILLISECOND);
            assertThat(user.call(SystemCallNumber.CLOCK_NANOSLEEP, 1, 1, monotonicTarget, 0))
                    .isZero();
            assertThat(monotonic(user)).isBetween(20 * MILLISECOND, 21 * MILLISECOND);
            long realTarget = user.words(EPOCH_SECONDS, 30 * MILLISECOND);
            assertThat(user.call(SystemCallNumber.CLOCK_NANOSLEEP, 0, 1, realTarget, 0))
                    .isZero();
            assertThat(monotonic(user)).isBetween(30 * MILLISECOND, 31 * MILLISECOND);
            assertThat(user.call(SystemCallNumber.CLOCK_NANOSLEEP, 0, 1, realTarget, 0))
                    .isZero();
            assertThat(user.call(SystemCallNumber.CLOCK_NANOSLEEP, 9, 1, realTarget, 0))
                    .isEqualTo(-EINVAL);
        });
    }

    @Test
    void whoRunsForATimeSeesItPass() {
        booted.start(user -> (int) user.sleep(1000 * MILLISECOND));
        booted.kernel().runFor(10 * MILLISECOND);
        assertThat(booted.kernel().nowNanos()).isEqualTo(10 * MILLISECOND);
        assertThat(booted.kernel().processes().processes()).hasSize(1);
        booted.kernel().runFor(1000 * MILLISECOND);
        assertThat(booted.kernel().processes().processes()).isEmpty();
        assertThat(booted.kernel().nowNanos()).isEqualTo(1010 * MILLISECOND);
    }
}
