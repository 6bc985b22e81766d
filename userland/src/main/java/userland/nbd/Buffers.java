// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import kernel.uapi.Limits;
import userland.libc.Libc;

/**
 * The memory for requests with data, in powers of two from a page to {@value #BYTES_MAX} bytes, each with a page in front of it for a header. They are kept
 * for the next request, until there would be too many.
 */
final class Buffers {
    /** The most that there is at once, handed out and kept. Whoever has none can have any. */
    static final int BYTES_MAX = 8 << 20;

    private final Libc libc;
    private final List<Deque<Long>> kept = IntStream.range(0, Integer.SIZE)
            .mapToObj(_ -> (Deque<Long>) new ArrayDeque<Long>())
            .toList();
    private long out;
    private long keptBytes;

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
        if (ready != null) {
            keptBytes -= size;
            out += size;
            return ready;
        }
        makeRoom(size);
        long buffer = libc.mmap(size + (long) Limits.PAGE_SIZE) + Limits.PAGE_SIZE;
        out += size;
        return buffer;
    }

    /** Unmaps what is kept, the largest first, until so much fits. */
    private void makeRoom(int bytes) {
        for (int power = kept.size() - 1; power >= 0; power--) {
            int size = 1 << power;
            while (out + keptBytes + bytes > BYTES_MAX && !kept.get(power).isEmpty()) {
                libc.munmap(kept.get(power).remove() - Limits.PAGE_SIZE, size + (long) Limits.PAGE_SIZE);
                keptBytes -= size;
            }
        }
    }

    /** Takes a buffer back. Traps nowhere, for it also happens while the kernel unwinds a dying process. */
    void giveBack(long buffer, int bytes) {
        int size = size(bytes);
        out -= size;
        keptBytes += size;
        kept.get(Integer.numberOfTrailingZeros(size)).push(buffer);
    }
}
