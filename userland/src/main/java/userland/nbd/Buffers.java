// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import kernel.uapi.Limits;
import userland.libc.Libc;

/**
 * The memory for requests with data, in powers of two from a page to {@value #BYTES_MAX} bytes, each with a page in front of it for a header. Small ones
 * are kept for the next request, large ones given back.
 */
final class Buffers {
    /** The most that is handed out at once. Whoever has none can have any. */
    static final int BYTES_MAX = 64 << 20;

    private static final int KEPT_BYTES_MAX = 1 << 20;

    private final Libc libc;
    private final List<Deque<Long>> kept = IntStream.range(0, Integer.SIZE)
            .mapToObj(_ -> (Deque<Long>) new ArrayDeque<Long>())
            .toList();
    private long out;

    Buffers(Libc libc) {
        this.libc = libc;
    }

    /** What a buffer for so many bytes takes. */
    static int size(int bytes) {
        return Math.max(Limits.PAGE_SIZE, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
    }

    boolean hasRoomFor(int bytes) {
        return out + size(bytes) <= BYTES_MAX;
    }

    /**
     * A buffer on a page boundary.
     *
     * @throws userland.libc.SystemCallException ENOMEM
     */
    long take(int bytes) {
        int size = size(bytes);
        Long ready = kept.get(Integer.numberOfTrailingZeros(size)).poll();
        long buffer = ready != null ? ready : libc.mmap(size + (long) Limits.PAGE_SIZE) + Limits.PAGE_SIZE;
        out += size;
        return buffer;
    }

    void giveBack(long buffer, int bytes) {
        int size = size(bytes);
        out -= size;
        if (size <= KEPT_BYTES_MAX) {
            kept.get(Integer.numberOfTrailingZeros(size)).push(buffer);
        } else {
            libc.munmap(buffer - Limits.PAGE_SIZE, size + (long) Limits.PAGE_SIZE);
        }
    }
}
