// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;

import kernel.core.fs.SystemCallTable;
import kernel.uapi.SystemCallNumber;

/** Clocks and sleeping (Linux: kernel/time). */
final class TimeCalls {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_PROCESS_CPUTIME = 2;
    private static final int CLOCK_THREAD_CPUTIME = 3;
    private static final int CLOCK_MONOTONIC_RAW = 4;
    private static final int CLOCK_REALTIME_COARSE = 5;
    private static final int CLOCK_MONOTONIC_COARSE = 6;
    private static final int CLOCK_BOOTTIME = 7;
    private static final int TIMER_ABSTIME = 1;
    private static final int TIMESPEC_WORDS = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ProcessEnvironment kernel;

    TimeCalls(ProcessEnvironment kernel) {
        this.kernel = kernel;
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.NANOSLEEP,
                (p, wanted, left, c, d, e, f) -> sleep((Proc) p, CLOCK_MONOTONIC, 0, wanted, left));
        calls.register(
                SystemCallNumber.CLOCK_NANOSLEEP,
                (p, clock, flags, wanted, left, e, f) -> sleep((Proc) p, (int) clock, (int) flags, wanted, left));
        calls.register(SystemCallNumber.CLOCK_GETTIME, (p, clock, to, c, d, e, f) -> time((Proc) p, (int) clock, to));
        calls.register(SystemCallNumber.TIME, (p, to, b, c, d, e, f) -> seconds((Proc) p, to));
        calls.register(SystemCallNumber.SCHED_YIELD, (p, a, b, c, d, e, f) -> {
            p.yieldProcessor();
            return 0;
        });
    }

    /** Nanoseconds of a clock, or -1 when there is no such clock. */
    private long read(Proc process, int clock) {
        return switch (clock) {
            case CLOCK_REALTIME, CLOCK_REALTIME_COARSE -> kernel.wallClockNanos();
            case CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME ->
                process.execution().now();
            case CLOCK_PROCESS_CPUTIME, CLOCK_THREAD_CPUTIME -> process.cpuTimeNanos();
            default -> -1;
        };
    }

    /** @return 0; -EINVAL for no clock, -EFAULT */
    private long time(Proc process, int clock, long to) {
        long now = read(process, clock);
        if (now < 0) {
            return -EINVAL;
        }
        return writeTime(process, to, now) ? 0 : -EFAULT;
    }

    private static boolean writeTime(Proc process, long to, long nanos) {
        return new UserWords(process, to, TIMESPEC_WORDS)
                .set(0, nanos / NANOS_PER_SECOND)
                .set(1, nanos % NANOS_PER_SECOND)
                .write();
    }

    private long seconds(Proc process, long to) {
        long now = kernel.wallClockNanos() / NANOS_PER_SECOND;
        return to == 0 || new UserWords(process, to, 1).set(0, now).write() ? now : -EFAULT;
    }

    /** @return 0; -EINVAL, -EFAULT, -EINTR and then what is left, for a relative sleep */
    private long sleep(Proc process, int clock, int flags, long wanted, long left) {
        boolean absolute = (flags & TIMER_ABSTIME) != 0;
        UserWords time = new UserWords(process, wanted, TIMESPEC_WORDS);
        if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME) {
            return -EINVAL;
        }
        if (!time.read()) {
            return -EFAULT;
        }
        if (time.get(0) < 0 || time.get(1) < 0 || time.get(1) >= NANOS_PER_SECOND) {
            return -EINVAL;
        }
        long nanos = time.get(0) > Long.MAX_VALUE / NANOS_PER_SECOND - 1
                ? Long.MAX_VALUE
                : time.get(0) * NANOS_PER_SECOND + time.get(1);
        long now = process.execution().now();
        long deadline = absolute ? nanos - (read(process, clock) - now) : saturatedSum(now, nanos);
        long restarted = process.restartDeadline();
        return sleepUntil(process, restarted >= 0 ? restarted : deadline, absolute ? 0 : left);
    }

    private static long sleepUntil(Proc process, long deadline, long left) {
        int result = process.sleepInterruptible(deadline - process.execution().now());
        if (result == 0) {
            return 0;
        }
        process.setRestartDeadline(deadline);
        long rest = Math.max(0, deadline - process.execution().now());
        return left == 0 || writeTime(process, left, rest) ? -ProgramProcessor.ERESTART_RESTARTBLOCK : -EFAULT;
    }

    private static long saturatedSum(long a, long b) {
        return b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b;
    }
}
