// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import java.util.Arrays;

/**
 * What was freed and may not be used again yet, because the device still knows its former owner (compare Linux's ext4, b_committed_data): a set of bits for
 * each group. Guarded by the allocation mutex.
 */
final class Quarantine {
    private final int[][] groups;
    private final int bitsPerGroup;
    private long count;

    Quarantine(int groups, int bitsPerGroup) {
        this.groups = new int[groups][];
        this.bitsPerGroup = bitsPerGroup;
    }

    void add(int group, int bit) {
        if (groups[group] == null) {
            groups[group] = new int[(bitsPerGroup + Integer.SIZE - 1) / Integer.SIZE];
        }
        groups[group][bit / Integer.SIZE] |= 1 << bit;
        count++;
    }

    /** The bits number 32 times {@code index} and following of a group. */
    int word(int group, int index) {
        return groups[group] == null ? 0 : groups[group][index];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** All of it may be used again. */
    void clear() {
        Arrays.fill(groups, null);
        count = 0;
    }
}
