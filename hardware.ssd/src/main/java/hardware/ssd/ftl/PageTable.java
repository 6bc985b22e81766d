// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import java.util.Arrays;

/** Which slot of the write cache holds a page: a hash table of ints with open addressing that never grows and allocates nothing. */
final class PageTable {
    private static final int SCATTER = 0x9e37_79b9;

    private final int[] slots;
    private final int[] pageOfSlot;
    private final int mask;
    private final int shift;

    /** @param pageOfSlot what page each slot holds; kept by the cache */
    PageTable(int[] pageOfSlot) {
        this.pageOfSlot = pageOfSlot;
        int size = Integer.highestOneBit(Math.max(1, pageOfSlot.length)) * 4;
        slots = new int[size];
        mask = size - 1;
        shift = Integer.SIZE - Integer.numberOfTrailingZeros(size);
    }

    /** The slot of the page, or -1. */
    int find(int page) {
        for (int i = home(page); slots[i] != 0; i = i + 1 & mask) {
            if (pageOfSlot[slots[i] - 1] == page) {
                return slots[i] - 1;
            }
        }
        return -1;
    }

    void add(int slot) {
        int i = home(pageOfSlot[slot]);
        while (slots[i] != 0) {
            i = i + 1 & mask;
        }
        slots[i] = slot + 1;
    }

    /** Forgets a slot, while the cache still says which page it holds. */
    void remove(int slot) {
        int hole = home(pageOfSlot[slot]);
        while (slots[hole] != slot + 1) {
            hole = hole + 1 & mask;
        }
        slots[hole] = 0;
        for (int i = hole + 1 & mask; slots[i] != 0; i = i + 1 & mask) {
            int home = home(pageOfSlot[slots[i] - 1]);
            if ((i - home & mask) >= (i - hole & mask)) {
                slots[hole] = slots[i];
                slots[i] = 0;
                hole = i;
            }
        }
    }

    void clear() {
        Arrays.fill(slots, 0);
    }

    private int home(int page) {
        return (page * SCATTER) >>> shift & mask;
    }
}
