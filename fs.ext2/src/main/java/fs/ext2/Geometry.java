// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EINVAL;

import kernel.api.fs.FileSystemException;

/** The shape of a file system: how large its parts are and where they begin. Checked once, at mount, so that nothing computed from it leads outside. */
final class Geometry {
    static final long ROOT_INODE = 2;
    static final int DESCRIPTOR_BYTES = 32;
    static final int SECTOR_BYTES = 512;
    private static final int BLOCK_BYTES_MIN = 1024;
    private static final int BITS_PER_BYTE = 8;

    private final int blockBytes;
    private final long blocks;
    private final long inodes;
    private final long firstDataBlock;
    private final int blocksPerGroup;
    private final int inodesPerGroup;
    private final int inodeBytes;
    private final long firstInode;
    private final int groups;
    private final boolean sparse;
    private final boolean metaGroups;
    private final long firstMetaGroup;

    /**
     * Takes it from a superblock whose features are known.
     *
     * @param deviceBytes how large the device is
     * @throws FileSystemException EINVAL when it cannot be
     */
    Geometry(Superblock superblock, int blockBytes, long deviceBytes) {
        this.blockBytes = blockBytes;
        blocks = superblock.getUnsigned(SuperblockField.BLOCKS_COUNT);
        inodes = superblock.getUnsigned(SuperblockField.INODES_COUNT);
        firstDataBlock = superblock.getUnsigned(SuperblockField.FIRST_DATA_BLOCK);
        blocksPerGroup = count("blocks per group", superblock.getUnsigned(SuperblockField.BLOCKS_PER_GROUP));
        inodesPerGroup = count("inodes per group", superblock.getUnsigned(SuperblockField.INODES_PER_GROUP));
        boolean old = superblock.getInt(SuperblockField.REVISION_LEVEL) == SuperblockField.REVISION_GOOD_OLD;
        inodeBytes = old ? SuperblockField.GOOD_OLD_INODE_SIZE : superblock.getShort(SuperblockField.INODE_SIZE);
        firstInode = old ? SuperblockField.GOOD_OLD_FIRST_INODE : superblock.getUnsigned(SuperblockField.FIRST_INODE);
        sparse = superblock.hasReadOnlyCompatible(SuperblockField.RO_COMPAT_SPARSE_SUPER);
        metaGroups = superblock.hasIncompatible(SuperblockField.INCOMPAT_META_BLOCK_GROUPS);
        firstMetaGroup = superblock.getUnsigned(SuperblockField.FIRST_META_BLOCK_GROUP);
        check(superblock, deviceBytes);
        long count = (blocks - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup;
        refuse(
                count * inodesPerGroup != inodes,
                "error: invalid #inodes: " + inodes + " vs computed " + count * inodesPerGroup);
        groups = (int) count;
    }

    private int count(String what, long value) {
        refuse(value == 0 || value > (long) blockBytes * BITS_PER_BYTE, "error: #" + what + " too big: " + value);
        return (int) value;
    }

    private void check(Superblock superblock, long deviceBytes) {
        refuse(
                inodeBytes < SuperblockField.GOOD_OLD_INODE_SIZE
                        || Integer.bitCount(inodeBytes) != 1
                        || inodeBytes > blockBytes,
                "error: unsupported inode size: " + inodeBytes);
        long fragment =
                (long) BLOCK_BYTES_MIN << Math.min(superblock.getUnsigned(SuperblockField.LOG_FRAGMENT_SIZE), 31);
        refuse(
                fragment != blockBytes,
                "error: fragsize " + fragment + " != blocksize " + blockBytes + " (not supported yet)");
        refuse(
                firstDataBlock != (blockBytes == BLOCK_BYTES_MIN ? 1 : 0) || firstDataBlock >= blocks,
                "error: bad geometry: first data block is " + firstDataBlock + " with a " + blockBytes + " block size");
        refuse(
                blocks > deviceBytes / blockBytes,
                "error: bad geometry: block count " + blocks + " exceeds size of device (" + deviceBytes / blockBytes
                        + " blocks)");
        refuse(
                firstInode <= ROOT_INODE || firstInode > inodesPerGroup,
                "error: bad geometry: first inode is " + firstInode);
    }

    private static void refuse(boolean condition, String message) {
        if (condition) {
            throw new FileSystemException(EINVAL, message);
        }
    }

    int blockBytes() {
        return blockBytes;
    }

    long blocks() {
        return blocks;
    }

    long inodes() {
        return inodes;
    }

    long firstDataBlock() {
        return firstDataBlock;
    }

    int blocksPerGroup() {
        return blocksPerGroup;
    }

    int inodesPerGroup() {
        return inodesPerGroup;
    }

    int inodeBytes() {
        return inodeBytes;
    }

    /** The first inode that is not the format's own. */
    long firstInode() {
        return firstInode;
    }

    int groups() {
        return groups;
    }

    /** How many blocks of a group its inodes take. */
    int inodeTableBlocks() {
        int perBlock = blockBytes / inodeBytes;
        return (inodesPerGroup + perBlock - 1) / perBlock;
    }

    int sectorsPerBlock() {
        return blockBytes / SECTOR_BYTES;
    }

    /** Block numbers in one indirect block. */
    int pointersPerBlock() {
        return blockBytes / Integer.BYTES;
    }

    long firstBlock(int group) {
        return firstDataBlock + (long) group * blocksPerGroup;
    }

    /** How many blocks the group has; the last one may have fewer than the others. */
    int blocksIn(int group) {
        return (int) Math.min(blocksPerGroup, blocks - firstBlock(group));
    }

    int groupOfBlock(long block) {
        return (int) ((block - firstDataBlock) / blocksPerGroup);
    }

    int groupOfInode(long inode) {
        return (int) ((inode - 1) / inodesPerGroup);
    }

    int indexOfInode(long inode) {
        return (int) ((inode - 1) % inodesPerGroup);
    }

    private int descriptorsPerBlock() {
        return blockBytes / DESCRIPTOR_BYTES;
    }

    /** How many blocks the descriptors of all groups take. */
    int descriptorBlocks() {
        return (groups + descriptorsPerBlock() - 1) / descriptorsPerBlock();
    }

    /** The block with the descriptors number {@code index} times those of a block and following. */
    long descriptorBlock(long superblock, int index) {
        if (!metaGroups || index < firstMetaGroup) {
            return superblock + index + 1;
        }
        int group = index * descriptorsPerBlock();
        return firstBlock(group) + (hasSuperblock(group) ? 1 : 0);
    }

    /** Whether the group begins with the superblock or a copy. */
    boolean hasSuperblock(int group) {
        return !sparse || group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
    }

    private static boolean isPower(int number, int base) {
        int rest = number;
        while (rest % base == 0) {
            rest /= base;
        }
        return rest == 1;
    }

    /** How many blocks with descriptors the group begins with (Linux: ext2_bg_num_gdb). */
    int descriptorBlocksIn(int group) {
        int meta = group / descriptorsPerBlock();
        if (!metaGroups || meta < firstMetaGroup) {
            if (!hasSuperblock(group)) {
                return 0;
            }
            return metaGroups ? (int) Math.min(firstMetaGroup, descriptorBlocks()) : descriptorBlocks();
        }
        int place = group % descriptorsPerBlock();
        return place == 0 || place == 1 || place == descriptorsPerBlock() - 1 ? 1 : 0;
    }

    /** What the format itself takes of the blocks (Linux: ext2_statfs). */
    long overhead() {
        long overhead = firstDataBlock;
        for (int group = 0; group < groups; group++) {
            overhead += (hasSuperblock(group) ? 1 : 0) + descriptorBlocksIn(group);
        }
        return overhead + (long) groups * (2 + inodeTableBlocks());
    }

    /** The largest size of a file: what the pointers reach, and what a count of sectors with 32 bits can tell (Linux: ext2_max_size). */
    long maxFileBytes() {
        long perBlock = pointersPerBlock();
        long reach = BlockPath.DIRECT + perBlock + perBlock * perBlock + perBlock * perBlock * perBlock;
        long indirect = 1 + (1 + perBlock) + (1 + perBlock + perBlock * perBlock);
        long countable = 0xffff_ffffL / sectorsPerBlock() - indirect;
        return Math.min(reach, countable) * blockBytes;
    }
}
