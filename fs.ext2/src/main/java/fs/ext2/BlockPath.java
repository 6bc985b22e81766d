// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

/** The way from an inode to a block of its file: which pointer to follow at each level (Linux: ext2_block_to_path). */
final class BlockPath {
    /** Pointers of an inode that lead straight to data. */
    static final int DIRECT = 12;

    static final int DEPTH_MAX = 4;

    private final int[] offsets = new int[DEPTH_MAX];
    private int depth;

    /**
     * Finds the way.
     *
     * @return whether there is one: false beyond the triply indirect block
     */
    boolean find(long index, int pointersPerBlock) {
        long perBlock = pointersPerBlock;
        long rest = index;
        if (rest < 0) {
            return false;
        }
        if (rest < DIRECT) {
            offsets[0] = (int) rest;
            depth = 1;
            return true;
        }
        rest -= DIRECT;
        long reach = perBlock;
        for (int level = 1; level < DEPTH_MAX; level++) {
            if (rest < reach) {
                fill(rest, level, perBlock);
                return true;
            }
            rest -= reach;
            reach *= perBlock;
        }
        return false;
    }

    private void fill(long rest, int level, long perBlock) {
        offsets[0] = DIRECT + level - 1;
        long remaining = rest;
        for (int i = level; i >= 1; i--) {
            offsets[i] = (int) (remaining % perBlock);
            remaining /= perBlock;
        }
        depth = level + 1;
    }

    /** How many pointers lead to the block, that in the inode included: 1 to 4. */
    int depth() {
        return depth;
    }

    /** Which pointer, of the inode at level 0, of an indirect block further on. */
    int offset(int level) {
        return offsets[level];
    }
}
