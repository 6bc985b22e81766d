// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PhysicalMemory;

/** A page cut into slots of one size; the slot freed last is taken first. Under the heap's lock. */
final class Slab {
    private final SlabCache cache;
    private final long frame;
    /** The free slots, the next one last; above {@link #freeCount} anything. */
    private final short[] free;

    private int freeCount;

    Slab(SlabCache cache, long frame) {
        this.cache = cache;
        this.frame = frame;
        freeCount = cache.slotsPerSlab();
        free = new short[freeCount];
        for (int slot = 0; slot < freeCount; slot++) {
            free[slot] = (short) (freeCount - 1 - slot);
        }
    }

    SlabCache cache() {
        return cache;
    }

    long frame() {
        return frame;
    }

    boolean isFull() {
        return freeCount == 0;
    }

    boolean isEmpty() {
        return freeCount == free.length;
    }

    int take() {
        return free[--freeCount];
    }

    void give(int slot) {
        free[freeCount++] = (short) slot;
    }

    long physicalAddress(int slot) {
        return (frame << PhysicalMemory.FRAME_SHIFT) + (long) slot * cache.slotBytes();
    }
}
