// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.PagePool;
import hardware.ssd.nand.PowerSupply;
import java.util.Arrays;

/**
 * The volatile write cache: pages that are written but not yet durable, oldest first. A slot is free again when its page is durable. Guarded by the
 * firmware's lock.
 */
final class WriteCache {
    private static final int NONE = -1;

    private final BackStore back;
    private final PagePool pool;
    private final PowerSupply power;
    private final FirmwareClock clock;
    private final int[] pageOfSlot;
    private final byte[][] data;
    private final long[] freeAt;
    private final int[] older;
    private final int[] newer;
    private final PageTable table;
    private final int[] freeSlots;
    private int firstFree;
    private int free;
    private int oldest = NONE;
    private int newest = NONE;

    WriteCache(BackStore back, PagePool pool, PowerSupply power, FirmwareClock clock, int slots) {
        this.back = back;
        this.pool = pool;
        this.power = power;
        this.clock = clock;
        pageOfSlot = new int[slots];
        data = new byte[slots][];
        freeAt = new long[slots];
        older = new int[slots];
        newer = new int[slots];
        freeSlots = new int[slots];
        table = new PageTable(pageOfSlot);
        lose();
    }

    int capacity() {
        return pageOfSlot.length;
    }

    /** How many pages wait. */
    int size() {
        return pageOfSlot.length - free;
    }

    /** The page as it was written last, or null when it does not wait here. */
    byte[] get(int page) {
        int slot = size() == 0 ? NONE : table.find(page);
        return slot < 0 ? null : data[slot];
    }

    /**
     * Takes a page in: a step.
     *
     * @param content the caller's no more unless it failed
     * @return when there is room for it, or {@link BackStore#FAILED}
     */
    long put(int page, byte[] content) {
        power.step();
        int slot = size() == 0 ? NONE : table.find(page);
        if (slot >= 0) {
            pool.give(data[slot]);
            data[slot] = content;
            return clock.now();
        }
        if (free == 0 && destage(oldest) == BackStore.FAILED) {
            return BackStore.FAILED;
        }
        slot = freeSlots[firstFree];
        firstFree = firstFree + 1 == freeSlots.length ? 0 : firstFree + 1;
        free--;
        pageOfSlot[slot] = page;
        data[slot] = content;
        table.add(slot);
        append(slot);
        return Math.max(clock.now(), freeAt[slot]);
    }

    /** Writes the oldest pages back until no more than that many wait; answers when they are durable, or {@link BackStore#FAILED}. */
    long destageTo(int most) {
        long end = clock.now();
        while (size() > most) {
            long next = destage(oldest);
            if (next == BackStore.FAILED) {
                return BackStore.FAILED;
            }
            end = Math.max(end, next);
        }
        return end;
    }

    /** Writes a page back if it waits; answers when it is durable, or {@link BackStore#FAILED}. */
    long destagePage(int page) {
        int slot = size() == 0 ? NONE : table.find(page);
        return slot < 0 ? clock.now() : destage(slot);
    }

    /** Forgets a page that waits. */
    void drop(int page) {
        int slot = table.find(page);
        if (slot >= 0) {
            pool.give(data[slot]);
            release(slot, clock.now());
        }
    }

    /** Forgets the pages of a range that wait. */
    void drop(int first, int count) {
        if (count < size()) {
            for (int page = first; page < first + count; page++) {
                drop(page);
            }
            return;
        }
        for (int slot = oldest, next; slot != NONE; slot = next) {
            next = newer[slot];
            if (pageOfSlot[slot] >= first && pageOfSlot[slot] < first + count) {
                pool.give(data[slot]);
                release(slot, clock.now());
            }
        }
    }

    /** The power goes, and everything with it. */
    void lose() {
        table.clear();
        Arrays.fill(data, null);
        Arrays.fill(freeAt, 0);
        oldest = NONE;
        newest = NONE;
        free = pageOfSlot.length;
        firstFree = 0;
        Arrays.setAll(freeSlots, slot -> slot);
    }

    private long destage(int slot) {
        long end = back.write(pageOfSlot[slot], data[slot]);
        if (end != BackStore.FAILED) {
            release(slot, end);
        }
        return end;
    }

    private void release(int slot, long at) {
        table.remove(slot);
        unlink(slot);
        data[slot] = null;
        freeAt[slot] = at;
        int last = firstFree + free;
        freeSlots[last >= freeSlots.length ? last - freeSlots.length : last] = slot;
        free++;
    }

    private void append(int slot) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlink(int slot) {
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
    }
}
