// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.api.block.BlockBuffer;

/** The map of a group's blocks or inodes: a bit is set for what is taken. Seen together with what is in quarantine. */
final class Bitmap {
    private static final int NOT_FOUND = -1;

    private final BlockBuffer buffer;
    private final Quarantine quarantine;
    private final int group;
    private final int bits;

    /** @param bits how many there are; what is behind them in the block is padding */
    Bitmap(BlockBuffer buffer, Quarantine quarantine, int group, int bits) {
        this.buffer = buffer;
        this.quarantine = quarantine;
        this.group = group;
        this.bits = bits;
    }

    boolean isSet(int bit) {
        return (buffer.get(bit / Byte.SIZE) & (1 << (bit % Byte.SIZE))) != 0;
    }

    void set(int bit) {
        buffer.put(bit / Byte.SIZE, (byte) (buffer.get(bit / Byte.SIZE) | (1 << (bit % Byte.SIZE))));
        buffer.markDirty();
    }

    void clear(int bit) {
        buffer.put(bit / Byte.SIZE, (byte) (buffer.get(bit / Byte.SIZE) & ~(1 << (bit % Byte.SIZE))));
        buffer.markDirty();
    }

    /**
     * Finds something free near a place: there, within the same 64, at the beginning of eight behind it, anywhere behind it; -1 when there is none.
     */
    int findNear(int from) {
        int window = Math.min((from / Long.SIZE + 1) * Long.SIZE, bits);
        int bit = find(from, window);
        if (bit < 0) {
            bit = findEight(window);
        }
        return bit < 0 ? find(window, bits) : bit;
    }

    /** The first one that is free from one bit to before another, or -1. */
    int find(int from, int to) {
        int bit = from;
        while (bit < to) {
            int free = ~word(bit / Integer.SIZE) & (-1 << (bit % Integer.SIZE));
            int base = bit - bit % Integer.SIZE;
            if (free != 0) {
                int found = base + Integer.numberOfTrailingZeros(free);
                return found < to ? found : NOT_FOUND;
            }
            bit = base + Integer.SIZE;
        }
        return NOT_FOUND;
    }

    private int findEight(int from) {
        for (int bit = (from + Byte.SIZE - 1) / Byte.SIZE * Byte.SIZE; bit + Byte.SIZE <= bits; bit += Byte.SIZE) {
            if (((word(bit / Integer.SIZE) >>> (bit % Integer.SIZE)) & 0xff) == 0) {
                return bit;
            }
        }
        return NOT_FOUND;
    }

    private int word(int index) {
        return buffer.getInt(index * Integer.BYTES) | quarantine.word(group, index);
    }
}
