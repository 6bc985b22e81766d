// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PhysicalMemory;
import java.util.BitSet;

/** A page cut into slots of one size; the slot freed last is taken first. Under the heap's lock. */
final class Slab {
    private final SlabCache cache;
    private final long frame;
    /** The free slots, the next one last; above {@link #freeCount} anything. */
    private final short[] free;

    /** The slots that were in use once; in debug mode they are full of poison. */
    private final BitSet usedBefore = new BitSet();

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

    boolean wasUsed(int slot) {
        return usedBefore.get(slot);
    }

    int take() {
        return free[--freeCount];
    }

    void give(int slot) {
        free[freeCount++] = (short) slot;
        usedBefore.set(slot);
    }

    long physicalAddress(int slot) {
        return (frame << PhysicalMemory.FRAME_SHIFT) + (long) slot * cache.slotBytes();
    }
}
