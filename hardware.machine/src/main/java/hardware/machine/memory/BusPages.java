// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.util.Arrays;

/**
 * Which page of bus addresses leads to which frame, and with what permissions: what an {@link IommuDomain} translates with. An open-addressed hash
 * table in one array of longs, for bus addresses move on and on through a space in which a tree would grow and shed nodes all the time.
 *
 * <p>Allocates only when it has to grow. Under the domain's lock.
 */
final class BusPages {
    /** Spreads neighbouring page numbers over the table: two to the power of 64, divided by the golden ratio. */
    static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private static final int FIRST_SLOTS = 16;
    private static final int FLAGS = PhysicalMemory.FRAME_BYTES - 1;

    /** For each slot a page number plus 1, or 0, and beside it the frame's address with the permissions in its low bits. */
    private long[] table = new long[2 * FIRST_SLOTS];

    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_SLOTS);
    private int size;

    /** Maps a page that is not mapped. */
    void add(long page, long frame, int permissions) {
        if (4 * ++size > table.length) {
            grow();
        }
        put(page + 1, (frame << PhysicalMemory.FRAME_SHIFT) | permissions);
    }

    boolean contains(long page) {
        return table[2 * find(page)] != 0;
    }

    /**
     * The physical address behind a bus address.
     *
     * @return {@link PageTable#FAULT_NOT_PRESENT}, {@link PageTable#FAULT_PROTECTION} or the address
     */
    long translate(long busAddress, int permission) {
        int slot = 2 * find(busAddress >>> PhysicalMemory.FRAME_SHIFT);
        if (table[slot] == 0) {
            return PageTable.FAULT_NOT_PRESENT;
        }
        long entry = table[slot + 1];
        return (entry & permission) == 0 ? PageTable.FAULT_PROTECTION : (entry & ~FLAGS) | (busAddress & FLAGS);
    }

    /** Unmaps a page if it is mapped; those behind it that were pushed away from their places move up. */
    void remove(long page) {
        int hole = find(page);
        if (table[2 * hole] == 0) {
            return;
        }
        size--;
        int mask = mask();
        for (int next = (hole + 1) & mask; table[2 * next] != 0; next = (next + 1) & mask) {
            int home = slotOf(table[2 * next]);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                table[2 * hole] = table[2 * next];
                table[2 * hole + 1] = table[2 * next + 1];
                hole = next;
            }
        }
        table[2 * hole] = 0;
    }

    /** The last mapped page from the first to the last one given, or -1. */
    long lastIn(long first, long last) {
        if (last - first < table.length) {
            for (long page = last; page >= first; page--) {
                if (contains(page)) {
                    return page;
                }
            }
            return -1;
        }
        long found = -1;
        for (int slot = 0; slot < table.length; slot += 2) {
            long page = table[slot] - 1;
            if (page >= first && page <= last && page > found) {
                found = page;
            }
        }
        return found;
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    /** The slot that has the page, or the free one where it would be put. */
    private int find(long page) {
        long key = page + 1;
        int mask = mask();
        int slot = slotOf(key);
        while (table[2 * slot] != 0 && table[2 * slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void put(long key, long entry) {
        int slot = 2 * find(key - 1);
        table[slot] = key;
        table[slot + 1] = entry;
    }

    private void grow() {
        long[] old = table;
        table = new long[2 * old.length];
        shift--;
        for (int slot = 0; slot < old.length; slot += 2) {
            if (old[slot] != 0) {
                put(old[slot], old[slot + 1]);
            }
        }
    }

    private int slotOf(long key) {
        return (int) ((key * GOLDEN) >>> shift);
    }

    private int mask() {
        return table.length / 2 - 1;
    }
}
