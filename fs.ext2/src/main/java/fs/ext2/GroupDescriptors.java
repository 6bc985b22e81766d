// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;

import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;

/**
 * The descriptors of all groups (Linux: fs/ext2/balloc.c, ext2_get_group_desc): where a group's maps and inodes are, and how much of it is free. Their
 * blocks are held from mount to unmount. The counts are the allocation mutex's.
 */
final class GroupDescriptors implements AutoCloseable {
    private static final int BLOCK_BITMAP = 0;
    private static final int INODE_BITMAP = 4;
    private static final int INODE_TABLE = 8;
    private static final int FREE_BLOCKS = 12;
    private static final int FREE_INODES = 14;
    private static final int USED_DIRECTORIES = 16;

    private final Geometry geometry;
    private final BlockBuffer[] buffers;
    private final int perBlock;

    /**
     * Reads them.
     *
     * @param superblock the block that the superblock is in
     * @throws FileSystemException EIO when they cannot be read, EINVAL when they lead out of their groups
     */
    GroupDescriptors(ProcessContext context, Geometry geometry, BlockBuffers device, long superblock) {
        this.geometry = geometry;
        this.perBlock = geometry.blockBytes() / Geometry.DESCRIPTOR_BYTES;
        buffers = new BlockBuffer[geometry.descriptorBlocks()];
        boolean complete = false;
        try {
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = device.read(context, geometry.descriptorBlock(superblock, i));
            }
            for (int group = 0; group < geometry.groups(); group++) {
                check(group);
            }
            complete = true;
        } catch (BlockException e) {
            throw new FileSystemException(
                    e.errno() == EINVAL ? EIO : e.errno(), "error: unable to read group descriptors");
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private void check(int group) {
        long first = geometry.firstBlock(group);
        long last = first + geometry.blocksIn(group) - 1;
        // The first blocks of a group are copies of the superblock and of the descriptors, which no map may lie on.
        long free = first + (geometry.hasSuperblock(group) ? 1 : 0) + geometry.descriptorBlocksIn(group);
        long blockBitmap = blockBitmap(group);
        long inodeBitmap = inodeBitmap(group);
        long table = inodeTable(group);
        long tableEnd = table + geometry.inodeTableBlocks() - 1;
        refuse(blockBitmap < free || blockBitmap > last, "Block bitmap", group, blockBitmap);
        refuse(
                inodeBitmap < free || inodeBitmap > last || inodeBitmap == blockBitmap,
                "Inode bitmap",
                group,
                inodeBitmap);
        refuse(
                table < free
                        || tableEnd > last
                        || (blockBitmap >= table && blockBitmap <= tableEnd)
                        || (inodeBitmap >= table && inodeBitmap <= tableEnd),
                "Inode table",
                group,
                table);
    }

    private static void refuse(boolean condition, String what, int group, long block) {
        if (condition) {
            throw new FileSystemException(
                    EINVAL,
                    "error: ext2_check_descriptors: " + what + " for group " + group + " not in group (block " + block
                            + ")!");
        }
    }

    long blockBitmap(int group) {
        return getUnsigned(group, BLOCK_BITMAP);
    }

    long inodeBitmap(int group) {
        return getUnsigned(group, INODE_BITMAP);
    }

    long inodeTable(int group) {
        return getUnsigned(group, INODE_TABLE);
    }

    int freeBlocks(int group) {
        return getShort(group, FREE_BLOCKS);
    }

    int freeInodes(int group) {
        return getShort(group, FREE_INODES);
    }

    int usedDirectories(int group) {
        return getShort(group, USED_DIRECTORIES);
    }

    void addFreeBlocks(int group, int count) {
        add(group, FREE_BLOCKS, count, geometry.blocksIn(group));
    }

    void addFreeInodes(int group, int count) {
        add(group, FREE_INODES, count, geometry.inodesPerGroup());
    }

    void addUsedDirectories(int group, int count) {
        add(group, USED_DIRECTORIES, count, geometry.inodesPerGroup());
    }

    /** Whether the block can belong to a file: it exists, and it is none that the format itself has. */
    boolean isData(long block) {
        if (block <= geometry.firstDataBlock() || block >= geometry.blocks()) {
            return false;
        }
        int group = geometry.groupOfBlock(block);
        long place = block - geometry.firstBlock(group);
        long table = inodeTable(group);
        return place >= (geometry.hasSuperblock(group) ? 1 : 0) + geometry.descriptorBlocksIn(group)
                && block != blockBitmap(group)
                && block != inodeBitmap(group)
                && (block < table || block >= table + geometry.inodeTableBlocks());
    }

    /** What the descriptors say together. */
    long countFreeBlocks() {
        long sum = 0;
        for (int group = 0; group < geometry.groups(); group++) {
            sum += freeBlocks(group);
        }
        return sum;
    }

    /** What the descriptors say together. */
    long countFreeInodes() {
        long sum = 0;
        for (int group = 0; group < geometry.groups(); group++) {
            sum += freeInodes(group);
        }
        return sum;
    }

    /** What the descriptors say together. */
    long countDirectories() {
        long sum = 0;
        for (int group = 0; group < geometry.groups(); group++) {
            sum += usedDirectories(group);
        }
        return sum;
    }

    private long getUnsigned(int group, int field) {
        return buffers[group / perBlock].getInt(offset(group) + field) & 0xffff_ffffL;
    }

    private int getShort(int group, int field) {
        return buffers[group / perBlock].getShort(offset(group) + field) & 0xffff;
    }

    /** A count that was wrong on the device stays within what there can be. */
    private void add(int group, int field, int count, int limit) {
        int value = Math.clamp(getShort(group, field) + count, 0, limit);
        BlockBuffer buffer = buffers[group / perBlock];
        buffer.putShort(offset(group) + field, (short) value);
        buffer.markDirty();
    }

    private int offset(int group) {
        return group % perBlock * Geometry.DESCRIPTOR_BYTES;
    }

    @Override
    public void close() {
        for (BlockBuffer buffer : buffers) {
            if (buffer != null) {
                buffer.close();
            }
        }
    }
}
