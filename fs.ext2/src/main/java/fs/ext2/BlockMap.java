// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EFBIG;

import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;

/** Where the blocks of one file are: the pointers of its inode and its indirect blocks (Linux: fs/ext2/inode.c, ext2_get_blocks). */
final class BlockMap {
    private final InodeData inode;
    private final InodeTable table;
    private final Geometry geometry;
    private final GroupDescriptors groups;
    private final BlockBuffers buffers;
    private final BlockAllocator allocator;
    private final WriteOrder order;
    private final MountState state;
    private boolean wasNew;
    /** Where the last new block went, so that the next one goes behind it. */
    private long lastIndex = -1;

    private long lastBlock;

    BlockMap(Ext2Volume volume, InodeData inode) {
        this.inode = inode;
        table = volume.inodes();
        geometry = volume.geometry();
        groups = volume.groups();
        buffers = volume.buffers();
        allocator = volume.blockAllocator();
        order = volume.order();
        state = volume.state();
    }

    /** Whether the last {@link #create} found a new place. */
    boolean wasNew() {
        return wasNew;
    }

    /**
     * The device's block, or 0 for a hole.
     *
     * @throws FileSystemException EIO
     */
    long find(ProcessContext context, long index) {
        BlockPath path = new BlockPath();
        if (!path.find(index, geometry.pointersPerBlock())) {
            return 0;
        }
        long block = pointer(context, inode.pointers[path.offset(0)]);
        for (int level = 1; block != 0 && level < path.depth(); level++) {
            try (BlockBuffer indirect = buffers.read(context, block)) {
                block = pointer(context, indirect.getInt(path.offset(level) * Integer.BYTES));
            }
        }
        return block;
    }

    /**
     * The device's block, which is found a place if it has none.
     *
     * @param content what a new block holds, made durable before anything points to it; null for a file's data, which are the kernel's affair
     * @throws FileSystemException EFBIG, ENOSPC, EIO
     */
    long create(ProcessContext context, long index, byte[] content) {
        wasNew = false;
        BlockPath path = new BlockPath();
        if (!path.find(index, geometry.pointersPerBlock())) {
            throw new FileSystemException(EFBIG, "block " + index);
        }
        long block = pointer(context, inode.pointers[path.offset(0)]);
        long parent = 0;
        int level = 1;
        while (block != 0 && level < path.depth()) {
            parent = block;
            try (BlockBuffer indirect = buffers.read(context, block)) {
                block = pointer(context, indirect.getInt(path.offset(level) * Integer.BYTES));
            }
            level++;
        }
        if (block != 0) {
            return block;
        }
        return graft(context, index, path, level - 1, parent, content);
    }

    /** Allocates what is missing from a level downwards, fills it from the bottom up, and hangs it on the pointer at that level. */
    private long graft(ProcessContext context, long index, BlockPath path, int level, long parent, byte[] content) {
        int count = path.depth() - level;
        long[] branch = new long[count];
        int allocated = 0;
        try {
            long goal = goal(context, index, path, level, parent);
            for (; allocated < count; allocated++) {
                branch[allocated] = allocator.allocate(context, goal);
                goal = branch[allocated] + 1;
            }
            if (content != null) {
                fill(context, branch[count - 1], content);
            }
            for (int i = count - 2; i >= 0; i--) {
                pointTo(context, branch[i], path.offset(level + i + 1), branch[i + 1]);
            }
            link(context, path.offset(level), parent, branch[0]);
        } catch (FileSystemException | kernel.api.block.BlockException e) {
            for (int i = 0; i < allocated; i++) {
                buffers.forget(context, branch[i]);
                allocator.cancel(context, branch[i]);
            }
            throw e;
        }
        inode.sectors += (long) count * geometry.sectorsPerBlock();
        table.store(context, inode);
        lastIndex = index;
        lastBlock = branch[count - 1];
        wasNew = true;
        return lastBlock;
    }

    private void fill(ProcessContext context, long block, byte[] content) {
        try (BlockBuffer buffer = buffers.create(context, block)) {
            buffer.write(0, content, 0, content.length);
            order.persist(context, buffer);
        }
    }

    private void pointTo(ProcessContext context, long indirect, int offset, long block) {
        try (BlockBuffer buffer = buffers.create(context, indirect)) {
            buffer.putInt(offset * Integer.BYTES, (int) block);
            order.persist(context, buffer);
        }
    }

    private void link(ProcessContext context, int offset, long parent, long block) {
        if (parent == 0) {
            inode.pointers[offset] = (int) block;
            return;
        }
        try (BlockBuffer indirect = buffers.read(context, parent)) {
            indirect.putInt(offset * Integer.BYTES, (int) block);
            indirect.markDirty();
        }
    }

    /** Behind the last one, if the file grows; else near what is before it, its indirect block, or its inode (Linux: ext2_find_goal). */
    private long goal(ProcessContext context, long index, BlockPath path, int level, long parent) {
        if (index == lastIndex + 1 && lastBlock != 0) {
            return lastBlock + 1;
        }
        long before = 0;
        if (parent == 0) {
            for (int i = path.offset(level) - 1; i >= 0 && before == 0; i--) {
                before = inode.pointers[i] & 0xffff_ffffL;
            }
        } else {
            try (BlockBuffer indirect = buffers.read(context, parent)) {
                for (int i = path.offset(level) - 1; i >= 0 && before == 0; i--) {
                    before = indirect.getInt(i * Integer.BYTES) & 0xffff_ffffL;
                }
            }
        }
        if (before != 0) {
            return before + 1;
        }
        return parent != 0 ? parent + 1 : geometry.firstBlock(geometry.groupOfInode(inode.number));
    }

    /** Checks what is to be a block's number: 0, or a block that can be a file's. */
    private long pointer(ProcessContext context, int value) {
        long block = value & 0xffff_ffffL;
        if (block != 0 && !groups.isData(block)) {
            throw state.damaged(
                    context, "ext2_get_branch", "inode #" + inode.number + ": block " + block + ": invalid block");
        }
        return block;
    }
}
