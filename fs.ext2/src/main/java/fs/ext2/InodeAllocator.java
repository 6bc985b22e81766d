// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOSPC;

import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.api.lock.Mutex;

/** Gives out the numbers of inodes and takes them back (Linux: fs/ext2/ialloc.c). Guarded by the allocation mutex, which it takes itself. */
final class InodeAllocator {
    private static final int NOT_FOUND = -1;

    private final Geometry geometry;
    private final GroupDescriptors groups;
    private final BlockBuffers buffers;
    private final MountState state;
    private final WriteOrder order;
    private final Mutex mutex;
    private final Quarantine quarantine;
    private final GroupChoice choice;
    private volatile long free;

    InodeAllocator(Ext2Volume volume, Mutex mutex) {
        geometry = volume.geometry();
        groups = volume.groups();
        buffers = volume.buffers();
        state = volume.state();
        order = volume.order();
        this.mutex = mutex;
        quarantine = order.newQuarantine(geometry.groups(), geometry.inodesPerGroup());
        choice = new GroupChoice(geometry, groups);
        free = groups.countFreeInodes();
    }

    /** How many nobody has. */
    long free() {
        return free;
    }

    /**
     * Takes an inode for a directory, far from others if its parent is the root and near its parent otherwise.
     *
     * @throws FileSystemException ENOSPC, EIO
     */
    long allocateForDirectory(ProcessContext context, long parent, boolean parentIsTop) {
        return allocate(context, parent, true, parentIsTop);
    }

    /**
     * Takes an inode for anything but a directory, near that of the directory.
     *
     * @throws FileSystemException ENOSPC, EIO
     */
    long allocateForFile(ProcessContext context, long parent) {
        return allocate(context, parent, false, false);
    }

    private long allocate(ProcessContext context, long parent, boolean directory, boolean spread) {
        mutex.lock(context);
        try {
            int parentGroup = geometry.groupOfInode(parent);
            int group = directory ? choice.forDirectory(parentGroup, spread) : choice.forFile(parentGroup, parent);
            long number = group < 0 ? 0 : search(context, group, directory);
            if (number == 0 && !quarantine.isEmpty() && order.settleLocked(context) == 0) {
                number = search(context, group < 0 ? parentGroup : group, directory);
            }
            if (number == 0) {
                throw new FileSystemException(ENOSPC, "no free inode");
            }
            return number;
        } finally {
            mutex.unlock(context);
        }
    }

    private long search(ProcessContext context, int first, boolean directory) {
        for (int i = 0; i < geometry.groups(); i++) {
            int group = (first + i) % geometry.groups();
            int index = groups.freeInodes(group) == 0 ? NOT_FOUND : takeFrom(context, group);
            if (index >= 0) {
                if (directory) {
                    groups.addUsedDirectories(group, 1);
                }
                return (long) group * geometry.inodesPerGroup() + index + 1;
            }
        }
        return 0;
    }

    private int takeFrom(ProcessContext context, int group) {
        try (BlockBuffer buffer = readBitmap(context, group)) {
            Bitmap bitmap = new Bitmap(buffer, quarantine, group, geometry.inodesPerGroup());
            int from = group == 0 ? (int) geometry.firstInode() - 1 : 0;
            int index = bitmap.find(from, geometry.inodesPerGroup());
            if (index >= 0) {
                bitmap.set(index);
                groups.addFreeInodes(group, -1);
                free = Math.max(0, free - 1);
            }
            return index;
        }
    }

    /**
     * Gives an inode back, whose names have all been removed.
     *
     * @throws FileSystemException EIO when it was free already
     */
    void free(ProcessContext context, long number, boolean directory) {
        mutex.lock(context);
        try {
            int group = geometry.groupOfInode(number);
            int index = geometry.indexOfInode(number);
            if (number < geometry.firstInode() || number > geometry.inodes()) {
                throw state.damaged(context, "ext2_free_inode", "reserved or nonexistent inode " + number);
            }
            try (BlockBuffer buffer = readBitmap(context, group)) {
                Bitmap bitmap = new Bitmap(buffer, quarantine, group, geometry.inodesPerGroup());
                if (!bitmap.isSet(index)) {
                    throw state.damaged(context, "ext2_free_inode", "bit already cleared for inode " + number);
                }
                bitmap.clear(index);
            }
            quarantine.add(group, index);
            groups.addFreeInodes(group, 1);
            if (directory) {
                groups.addUsedDirectories(group, -1);
            }
            free = Math.min(free + 1, geometry.inodes());
        } finally {
            mutex.unlock(context);
        }
    }

    private BlockBuffer readBitmap(ProcessContext context, int group) {
        try {
            return buffers.read(context, groups.inodeBitmap(group));
        } catch (BlockException e) {
            if (e.errno() == EIO) {
                throw state.damaged(
                        context,
                        "read_inode_bitmap",
                        "Cannot read inode bitmap - block_group = " + group + ", inode_bitmap = "
                                + groups.inodeBitmap(group));
            }
            throw e;
        }
    }
}
