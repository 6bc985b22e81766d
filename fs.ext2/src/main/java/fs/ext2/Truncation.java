// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import java.util.Arrays;
import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;

/**
 * Takes blocks away from the end of a file (Linux: fs/ext2/inode.c, ext2_truncate_blocks). Pointers are cleared first and blocks freed afterwards, so that
 * what goes wrong in between costs space and never gives a block two owners. Ends at the first block that cannot be the file's: a chain of pointers that leads back into
 * itself meets a block that is free already.
 */
final class Truncation {
    private static final int INDIRECT_LEVELS = 3;

    private final InodeData inode;
    private final InodeTable table;
    private final Geometry geometry;
    private final GroupDescriptors groups;
    private final BlockBuffers buffers;
    private final BlockAllocator allocator;
    private final MountState state;
    /** Whether data are in the device's buffers, as those of directories are. */
    private final boolean buffered;

    private long freed;

    Truncation(Ext2Volume volume, InodeData inode) {
        this.inode = inode;
        table = volume.inodes();
        geometry = volume.geometry();
        groups = volume.groups();
        buffers = volume.buffers();
        allocator = volume.blockAllocator();
        state = volume.state();
        buffered = !inode.isRegular();
    }

    /**
     * Frees the blocks from this one of the file on, and stores the inode.
     *
     * @throws FileSystemException EIO when the file is damaged; what was freed before stays freed
     */
    void cutAt(ProcessContext context, long firstIndex) {
        int[] before = inode.pointers.clone();
        long kept = firstIndex;
        for (int i = (int) Math.min(kept, BlockPath.DIRECT); i < BlockPath.DIRECT; i++) {
            inode.pointers[i] = 0;
        }
        long base = BlockPath.DIRECT;
        long reach = geometry.pointersPerBlock();
        for (int level = 1; level <= INDIRECT_LEVELS; level++) {
            if (kept <= base) {
                inode.pointers[BlockPath.DIRECT + level - 1] = 0;
            }
            base += reach;
            reach *= geometry.pointersPerBlock();
        }
        table.store(context, inode);
        try {
            freeDetached(context, before, kept);
        } finally {
            inode.sectors = Math.max(0, inode.sectors - freed * geometry.sectorsPerBlock());
            table.store(context, inode);
        }
    }

    private void freeDetached(ProcessContext context, int[] before, long kept) {
        for (int i = 0; i < BlockPath.DIRECT; i++) {
            if (inode.pointers[i] != before[i]) {
                free(context, before[i], buffered);
            }
        }
        long base = BlockPath.DIRECT;
        long reach = geometry.pointersPerBlock();
        for (int level = 1; level <= INDIRECT_LEVELS; level++) {
            int pointer = before[BlockPath.DIRECT + level - 1];
            if (pointer != 0 && kept <= base) {
                freeTree(context, pointer, level);
            } else if (pointer != 0 && kept < base + reach) {
                cutTree(context, pointer, level, kept - base);
            }
            base += reach;
            reach *= geometry.pointersPerBlock();
        }
    }

    /** Frees what is behind the first so many blocks that an indirect block leads to. */
    private void cutTree(ProcessContext context, int indirect, int level, long kept) {
        long below = 1;
        for (int i = 1; i < level; i++) {
            below *= geometry.pointersPerBlock();
        }
        int whole = (int) ((kept + below - 1) / below);
        int[] pointers = read(context, indirect);
        try (BlockBuffer buffer = buffers.read(context, indirect & 0xffff_ffffL)) {
            int offset = whole * Integer.BYTES;
            buffer.clear(offset, geometry.blockBytes() - offset);
            buffer.markDirty();
        }
        for (int i = whole; i < pointers.length; i++) {
            freeTree(context, pointers[i], level - 1);
        }
        long inLast = kept % below;
        if (inLast != 0 && pointers[whole - 1] != 0) {
            cutTree(context, pointers[whole - 1], level - 1, inLast);
        }
    }

    /** Frees a block and all that it leads to; at level 0 it is data. */
    private void freeTree(ProcessContext context, int pointer, int level) {
        if (pointer == 0) {
            return;
        }
        if (level > 0) {
            for (int next : read(context, pointer)) {
                freeTree(context, next, level - 1);
            }
        }
        free(context, pointer, buffered || level > 0);
    }

    private int[] read(ProcessContext context, int pointer) {
        long block = pointer & 0xffff_ffffL;
        if (!groups.isData(block)) {
            throw state.damaged(
                    context, "ext2_free_branches", "inode #" + inode.number + ": block " + block + ": invalid block");
        }
        int[] pointers = new int[geometry.pointersPerBlock()];
        try (BlockBuffer buffer = buffers.read(context, block)) {
            Arrays.setAll(pointers, i -> buffer.getInt(i * Integer.BYTES));
        }
        return pointers;
    }

    private void free(ProcessContext context, int pointer, boolean forget) {
        if (pointer == 0) {
            return;
        }
        long block = pointer & 0xffff_ffffL;
        if (forget && groups.isData(block)) {
            buffers.forget(context, block);
        }
        allocator.free(context, block);
        freed++;
    }
}
