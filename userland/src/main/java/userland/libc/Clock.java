// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static kernel.uapi.SystemCallNumber.CLOCK_GETTIME;
import static kernel.uapi.SystemCallNumber.NANOSLEEP;

import kernel.uapi.Errno;

/** The kernel's clocks, and sleeping. */
public final class Clock {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Libc libc;

    Clock(Libc libc) {
        this.libc = libc;
    }

    /** Since the epoch. */
    public long realTimeNanos() {
        return clock(CLOCK_REALTIME);
    }

    /** Since the kernel was booted. */
    public long monotonicNanos() {
        return clock(CLOCK_MONOTONIC);
    }

    /** Sleeps that long, also when signal handlers run meanwhile. */
    public void sleep(long durationNanos) {
        try (Arena arena = libc.arena()) {
            long wanted = arena.allocate(TIMESPEC_BYTES);
            long remaining = arena.allocate(TIMESPEC_BYTES);
            libc.processor().storeLong(wanted, durationNanos / NANOS_PER_SECOND);
            libc.processor().storeLong(wanted + 8, durationNanos % NANOS_PER_SECOND);
            long result = libc.raw().call(NANOSLEEP, wanted, remaining);
            while (result == -Errno.EINTR) {
                libc.processor().storeLong(wanted, libc.processor().loadLong(remaining));
                libc.processor().storeLong(wanted + 8, libc.processor().loadLong(remaining + 8));
                result = libc.raw().call(NANOSLEEP, wanted, remaining);
            }
            Libc.check(result, "nanosleep", null);
        }
    }

    private long clock(int clock) {
        try (Arena arena = libc.arena()) {
            long time = arena.allocate(TIMESPEC_BYTES);
            Libc.check(libc.raw().call(CLOCK_GETTIME, clock, time), "clock_gettime", null);
            return libc.processor().loadLong(time) * NANOS_PER_SECOND
                    + libc.processor().loadLong(time + 8);
        }
    }
}
