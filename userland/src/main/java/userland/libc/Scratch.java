// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.Arrays;

/**
 * The memory behind the arenas: a stack of chunks that is given back by resetting a mark. Chunks are kept for the next arena. Giving back
 * touches no user memory and traps nowhere, for it also happens while the kernel unwinds a dying process.
 */
final class Scratch {
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int ALIGNMENT = 16;

    private final Heap heap;
    private long[] chunks;
    private long[] sizes;
    private int count;
    private int current;
    private long used;

    Scratch(Heap heap) {
        this.heap = heap;
        this.chunks = new long[2];
        this.sizes = new long[2];
    }

    /** The scratch memory of a forked child. */
    Scratch(Heap heap, Scratch parent) {
        this.heap = heap;
        this.chunks = parent.chunks.clone();
        this.sizes = parent.sizes.clone();
        this.count = parent.count;
    }

    long allocate(long sizeBytes) {
        long need = Heap.alignUp(Math.max(sizeBytes, 1), ALIGNMENT);
        while (current < count && sizes[current] - used < need) {
            current++;
            used = 0;
        }
        if (current == count) {
            addChunk(Math.max(need, CHUNK_BYTES));
        }
        long address = chunks[current] + used;
        used += need;
        return address;
    }

    int chunk() {
        return current;
    }

    long used() {
        return used;
    }

    void release(int chunk, long usedBytes) {
        current = chunk;
        used = usedBytes;
    }

    private void addChunk(long sizeBytes) {
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * count);
            sizes = Arrays.copyOf(sizes, 2 * count);
        }
        chunks[count] = heap.malloc(sizeBytes);
        sizes[count] = sizeBytes;
        count++;
    }
}
