// SPDX-License-Identifier: Apache-2.0
package userland.mkfs;

/**
 * Where everything of a new ext2 goes. The groups are alike: a copy of the superblock and of the descriptors where the format wants one, the maps of
 * blocks and inodes, the inodes, and then files.
 */
public final class Ext2Layout {
    public static final int FEATURE_FILETYPE = 0x2;
    public static final int FEATURE_SPARSE_SUPER = 0x1;
    public static final int FEATURE_LARGE_FILE = 0x2;

    /** The first inode of a file; those before it are the format's. */
    static final int FIRST_INODE = 11;

    static final int DESCRIPTOR_BYTES = 32;
    /** A last group with fewer blocks than this for files is not made (e2fsprogs does the same). */
    private static final int LAST_GROUP_MIN = 50;

    private static final int LOST_AND_FOUND_BYTES = 16 << 10;
    private static final int DIRECT_BLOCKS = 12;
    private static final int BITS_PER_BYTE = 8;

    /** What the user asked for does not work out. */
    public static final class LayoutException extends RuntimeException {
        LayoutException(String message) {
            super(message);
        }
    }

    /**
     * What is wanted.
     *
     * @param blockBytes 1024, 2048 or 4096
     * @param blocks of the whole device
     * @param inodeBytes 128 or more, a power of two, at most a block
     * @param inodes how many files at least
     * @param reservedPercent of the blocks, for the superuser
     * @param fileTypes whether directories tell the types of files
     * @param sparse whether only some groups have a copy of the superblock
     * @param largeFiles whether files may have 2 GiB and more from the beginning
     * @param label the volume's name, at most 16 bytes
     */
    public record Wish(
            int blockBytes,
            long blocks,
            int inodeBytes,
            long inodes,
            double reservedPercent,
            boolean fileTypes,
            boolean sparse,
            boolean largeFiles,
            String label) {}

    private final Wish wish;
    private final long blocks;
    private final int groups;
    private final int inodesPerGroup;

    /** @throws LayoutException when the device is too small, or the inodes do not fit */
    public Ext2Layout(Wish wish) {
        this.wish = wish;
        long total = wish.blocks();
        long perGroup = blocksPerGroup();
        long count = Math.max(1, (total - firstBlock() + perGroup - 1) / perGroup);
        // A superblock, a descriptor, two maps, inodes, a root directory and a lost+found are the least.
        if (total < firstBlock() + 16) {
            throw new LayoutException("Not enough space to build proposed filesystem");
        }
        int inodesEach = inodesPerGroup(count);
        while (count > 1 && lastGroup(total, count) < overhead((int) count - 1, count, inodesEach) + LAST_GROUP_MIN) {
            total -= lastGroup(total, count);
            count--;
            inodesEach = inodesPerGroup(count);
        }
        blocks = total;
        groups = (int) count;
        inodesPerGroup = inodesEach;
        if (overhead(0, count, inodesEach) + 1 + lostAndFoundBlocks() + 1 > blocksIn(0)) {
            throw new LayoutException("too many inodes (" + inodes() + "), specify fewer inodes");
        }
    }

    private long lastGroup(long total, long count) {
        return total - firstBlock() - (count - 1) * blocksPerGroup();
    }

    private int inodesPerGroup(long count) {
        long wanted = Math.max(wish.inodes(), FIRST_INODE + 1);
        // The first group has all that the format itself needs.
        long each = Math.max((wanted + count - 1) / count, FIRST_INODE + 1);
        int perBlock = wish.blockBytes() / wish.inodeBytes();
        long rounded = (each + perBlock - 1) / perBlock * perBlock;
        rounded = (rounded + BITS_PER_BYTE - 1) / BITS_PER_BYTE * BITS_PER_BYTE;
        if (rounded > (long) wish.blockBytes() * BITS_PER_BYTE) {
            throw new LayoutException("too many inodes (" + wish.inodes() + "), raise inode ratio?");
        }
        return (int) rounded;
    }

    private long overhead(int group, long count, int inodesEach) {
        long perBlock = wish.blockBytes() / DESCRIPTOR_BYTES;
        long copies = hasSuperblock(group) ? 1 + (count + perBlock - 1) / perBlock : 0;
        return copies + 2 + tableBlocks(inodesEach);
    }

    private int tableBlocks(int inodesEach) {
        int perBlock = wish.blockBytes() / wish.inodeBytes();
        return (inodesEach + perBlock - 1) / perBlock;
    }

    public Wish wish() {
        return wish;
    }

    /** Fewer than wished for when the last group would have been too small. */
    public long blocks() {
        return blocks;
    }

    /** At least as many as wished for. */
    public long inodes() {
        return (long) groups * inodesPerGroup;
    }

    public long reservedBlocks() {
        return (long) (blocks * wish.reservedPercent() / 100);
    }

    public int groups() {
        return groups;
    }

    int inodesPerGroup() {
        return inodesPerGroup;
    }

    /** Of the first group: the block with the superblock. */
    public long firstBlock() {
        return wish.blockBytes() == 1024 ? 1 : 0;
    }

    int blocksPerGroup() {
        return wish.blockBytes() * BITS_PER_BYTE;
    }

    public long firstBlock(int group) {
        return firstBlock() + (long) group * blocksPerGroup();
    }

    int blocksIn(int group) {
        return (int) Math.min(blocksPerGroup(), blocks - firstBlock(group));
    }

    public boolean hasSuperblock(int group) {
        return !wish.sparse() || group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
    }

    private static boolean isPower(int number, int base) {
        int rest = number;
        while (rest % base == 0) {
            rest /= base;
        }
        return rest == 1;
    }

    int descriptorBlocks() {
        int perBlock = wish.blockBytes() / DESCRIPTOR_BYTES;
        return (groups + perBlock - 1) / perBlock;
    }

    long blockBitmap(int group) {
        return firstBlock(group) + (hasSuperblock(group) ? 1 + descriptorBlocks() : 0);
    }

    long inodeBitmap(int group) {
        return blockBitmap(group) + 1;
    }

    long inodeTable(int group) {
        return blockBitmap(group) + 2;
    }

    int tableBlocks() {
        return tableBlocks(inodesPerGroup);
    }

    /** The first block of a group that files may have. */
    long firstFree(int group) {
        return inodeTable(group) + tableBlocks();
    }

    long rootBlock() {
        return firstFree(0);
    }

    long lostAndFoundBlock() {
        return rootBlock() + 1;
    }

    /** Room for what e2fsck finds, made beforehand: e2fsck takes no blocks from a file system that it repairs. */
    int lostAndFoundBlocks() {
        return Math.min(DIRECT_BLOCKS, LOST_AND_FOUND_BYTES / wish.blockBytes());
    }

    /** How many blocks of a group are taken in the beginning. */
    int usedBlocks(int group) {
        int files = group == 0 ? 1 + lostAndFoundBlocks() : 0;
        return (int) (firstFree(group) - firstBlock(group)) + files;
    }

    int usedInodes(int group) {
        return group == 0 ? FIRST_INODE : 0;
    }
}
