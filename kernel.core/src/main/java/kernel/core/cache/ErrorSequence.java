// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The errors of writing back, each told once to everybody who had the file open when it happened, and, if nobody had, to the first who asks (Linux:
 * lib/errseq.c). Any context.
 */
public final class ErrorSequence {
    private static final int ERRNO_BITS = 12;
    private static final long ERRNO_MASK = (1 << ERRNO_BITS) - 1;
    private static final long SEEN = 1L << ERRNO_BITS;
    private static final long NEXT = SEEN << 1;

    /** From low to high: the last errno, whether somebody saw it, how many there were. */
    private final AtomicLong value = new AtomicLong();

    /**
     * Notes an error.
     *
     * @param error a negative errno
     */
    void record(int error) {
        value.updateAndGet(old -> {
            long fresh = (old & ~(ERRNO_MASK | SEEN)) | -error;
            // Nobody has looked since the last: nobody can tell them apart.
            return (old & SEEN) != 0 || (old & ERRNO_MASK) == 0 ? fresh + NEXT : fresh;
        });
    }

    /** What a new open file begins with: an error that nobody has seen yet is still to be told. */
    public long sample() {
        long now = value.get();
        return (now & SEEN) == 0 ? 0 : now;
    }

    /**
     * Whether there was an error since.
     *
     * @param since what {@link #sample} or {@link #current} gave
     * @return 0 or a negative errno
     */
    public int check(long since) {
        long now = value.get();
        return (now & ~SEEN) == (since & ~SEEN) ? 0 : (int) -(now & ERRNO_MASK);
    }

    /** What is known from now on: the last error counts as seen. */
    public long current() {
        return value.updateAndGet(now -> (now & ERRNO_MASK) == 0 ? now : now | SEEN);
    }
}
