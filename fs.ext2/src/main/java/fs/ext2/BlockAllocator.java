// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOSPC;

import java.util.BitSet;
import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.MountRequest;
import kernel.api.lock.Mutex;

/** Gives blocks to files and takes them back (Linux: fs/ext2/balloc.c). Guarded by the allocation mutex, which it takes itself. */
final class BlockAllocator {
    private final MountRequest request;
    private final Geometry geometry;
    private final GroupDescriptors groups;
    private final BlockBuffers buffers;
    private final MountState state;
    private final WriteOrder order;
    private final Mutex mutex;
    private final Quarantine quarantine;
    /** The groups whose maps have been looked at, and those of them whose maps were right. */
    private final BitSet examined = new BitSet();

    private final BitSet sound = new BitSet();
    private final long reserved;
    private final int reservedUser;
    private final int reservedGroup;
    private volatile long free;

    BlockAllocator(Ext2Volume volume, MountOptions options, Mutex mutex) {
        Superblock superblock = volume.superblock();
        request = volume.request();
        geometry = volume.geometry();
        groups = volume.groups();
        buffers = volume.buffers();
        state = volume.state();
        order = volume.order();
        this.mutex = mutex;
        quarantine = order.newQuarantine(geometry.groups(), geometry.blocksPerGroup());
        reserved = Math.min(superblock.getUnsigned(SuperblockField.RESERVED_BLOCKS_COUNT), geometry.blocks());
        reservedUser = options.reservedUser(superblock);
        reservedGroup = options.reservedGroup(superblock);
        free = groups.countFreeBlocks();
    }

    /** How many blocks nobody has. */
    long free() {
        return free;
    }

    /** How many of them ordinary users may have. */
    long available() {
        return Math.max(0, free - reserved);
    }

    /**
     * Takes a block.
     *
     * @param goal where it would be best
     * @return its number
     * @throws FileSystemException ENOSPC, EIO
     */
    long allocate(ProcessContext context, long goal) {
        mutex.lock(context);
        try {
            if (free <= reserved && (free == 0 || !request.mayUseReserve(context, reservedUser, reservedGroup))) {
                throw new FileSystemException(ENOSPC, "no free block");
            }
            long block = search(context, goal);
            if (block == 0 && !quarantine.isEmpty() && order.settleLocked(context) == 0) {
                block = search(context, goal);
            }
            if (block == 0) {
                throw new FileSystemException(ENOSPC, "no free block");
            }
            return block;
        } finally {
            mutex.unlock(context);
        }
    }

    /** Gives back a block that no pointer on the device leads to or ever did: it may be used again at once. */
    void cancel(ProcessContext context, long block) {
        release(context, block, false);
    }

    /**
     * Gives back a block whose pointer has been cleared.
     *
     * @throws FileSystemException EIO when it was free already or cannot be anybody's
     */
    void free(ProcessContext context, long block) {
        release(context, block, true);
    }

    private long search(ProcessContext context, long goal) {
        long start = groups.isData(goal) ? goal : geometry.firstDataBlock();
        int first = geometry.groupOfBlock(start);
        for (int i = 0; i <= geometry.groups(); i++) {
            int group = (first + i) % geometry.groups();
            if (groups.freeBlocks(group) == 0) {
                continue;
            }
            int from = i == 0 ? (int) (start - geometry.firstBlock(group)) : 0;
            int bit = takeFrom(context, group, from);
            if (bit >= 0) {
                return geometry.firstBlock(group) + bit;
            }
        }
        return 0;
    }

    private int takeFrom(ProcessContext context, int group, int from) {
        try (BlockBuffer buffer = readBitmap(context, group)) {
            if (!isSound(context, group, buffer)) {
                return -1;
            }
            Bitmap bitmap = new Bitmap(buffer, quarantine, group, geometry.blocksIn(group));
            int bit = bitmap.findNear(from);
            if (bit >= 0) {
                bitmap.set(bit);
                groups.addFreeBlocks(group, -1);
                free = Math.max(0, free - 1);
            }
            return bit;
        }
    }

    private BlockBuffer readBitmap(ProcessContext context, int group) {
        try {
            return buffers.read(context, groups.blockBitmap(group));
        } catch (BlockException e) {
            if (e.errno() == EIO) {
                throw state.damaged(
                        context,
                        "read_block_bitmap",
                        "Cannot read block bitmap - block_group = " + group + ", block_bitmap = "
                                + groups.blockBitmap(group));
            }
            throw e;
        }
    }

    /** Whether a map says that the format's own blocks are taken; looked at once. A group whose map does not is not allocated from. */
    private boolean isSound(ProcessContext context, int group, BlockBuffer buffer) {
        if (!examined.get(group)) {
            examined.set(group);
            Bitmap bitmap = new Bitmap(buffer, quarantine, group, geometry.blocksIn(group));
            int bit = 0;
            while (bit < geometry.blocksIn(group)
                    && (bitmap.isSet(bit) || groups.isData(geometry.firstBlock(group) + bit))) {
                bit++;
            }
            if (bit == geometry.blocksIn(group)) {
                sound.set(group);
            } else {
                state.report(
                        context,
                        "ext2_valid_block_bitmap",
                        "Invalid block bitmap - block_group = " + group + ", block = "
                                + (geometry.firstBlock(group) + bit));
            }
        }
        return sound.get(group);
    }

    private void release(ProcessContext context, long block, boolean wasLinked) {
        mutex.lock(context);
        try {
            if (!groups.isData(block)) {
                throw state.damaged(
                        context,
                        "ext2_free_blocks",
                        "Freeing blocks not in datazone - block = " + block + ", count = 1");
            }
            int group = geometry.groupOfBlock(block);
            int bit = (int) (block - geometry.firstBlock(group));
            try (BlockBuffer buffer = readBitmap(context, group)) {
                Bitmap bitmap = new Bitmap(buffer, quarantine, group, geometry.blocksIn(group));
                if (!bitmap.isSet(bit)) {
                    throw state.damaged(context, "ext2_free_blocks", "bit already cleared for block " + block);
                }
                bitmap.clear(bit);
            }
            if (wasLinked) {
                quarantine.add(group, bit);
            }
            groups.addFreeBlocks(group, 1);
            free = Math.min(free + 1, geometry.blocks());
        } finally {
            mutex.unlock(context);
        }
    }
}
