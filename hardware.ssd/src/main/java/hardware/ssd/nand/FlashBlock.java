// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/** One erase block: how far it is programmed, and its spare areas; pages that no file holds. */
final class FlashBlock {
    /** Erase cycles behind it. */
    int cycles;
    /** Marked bad. */
    boolean bad;
    /** Erasing it was interrupted: it must be erased before it is programmed, whatever it looks like. */
    boolean unstable;
    /** The next page to be programmed. */
    int next;
    /** The spare areas; null while nothing is programmed. */
    byte[] spares;
    /** The pages in memory; null for one that is erased or in the file. */
    byte[][] data;
    /** Pages that cannot be read any more, one bit each; null for none. */
    long[] lost;

    boolean isLost(int index) {
        return lost != null && (lost[index >>> 6] & 1L << index) != 0;
    }

    void lose(int index, int pages) {
        if (lost == null) {
            lost = new long[(pages + Long.SIZE - 1) / Long.SIZE];
        }
        lost[index >>> 6] |= 1L << index;
    }

    /** The same content, for undoing an erasure. */
    FlashBlock copy() {
        FlashBlock copy = new FlashBlock();
        copy.restore(this);
        return copy;
    }

    void restore(FlashBlock saved) {
        cycles = saved.cycles;
        bad = saved.bad;
        unstable = saved.unstable;
        next = saved.next;
        spares = saved.spares;
        data = saved.data;
        lost = saved.lost;
    }
}
