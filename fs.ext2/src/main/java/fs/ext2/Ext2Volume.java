// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileNode;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.MountRequest;
import kernel.api.fs.MountedFileSystem;
import kernel.api.lock.Mutex;
import kernel.uapi.Errno;
import kernel.uapi.FileMode;

/** A mounted ext2 (Linux: fs/ext2/super.c, struct ext2_sb_info): what its files share, and what concerns it as a whole. */
final class Ext2Volume implements MountedFileSystem {
    private final MountRequest request;
    private final BlockBuffers buffers;
    private final Geometry geometry;
    private final Superblock superblock;
    private final GroupDescriptors groups;
    private final MountState state;
    private final WriteOrder order;
    private final BlockAllocator blockAllocator;
    private final InodeAllocator inodeAllocator;
    private final InodeTable inodes;
    private final MountOptions options;
    private final boolean groupOfDirectory;
    private final AtomicInteger nextGeneration;

    /** Takes over superblock and descriptors, which it closes in the end. */
    Ext2Volume(
            MountRequest request,
            MountOptions options,
            BlockBuffers buffers,
            Geometry geometry,
            Superblock superblock,
            GroupDescriptors groups) {
        this.request = request;
        this.options = options;
        this.buffers = buffers;
        this.geometry = geometry;
        this.superblock = superblock;
        this.groups = groups;
        Mutex allocation = request.mutex("ext2 allocation");
        state = new MountState(request, superblock, options);
        order = new WriteOrder(request.device(), buffers, allocation);
        blockAllocator = new BlockAllocator(this, options, allocation);
        inodeAllocator = new InodeAllocator(this, allocation);
        inodes = new InodeTable(this, options.shortOwners(superblock), request.mutex("ext2 inodes"));
        groupOfDirectory = options.groupOfDirectory(superblock);
        nextGeneration = new AtomicInteger(Long.hashCode(request.wallClockNanos()));
    }

    MountRequest request() {
        return request;
    }

    BlockBuffers buffers() {
        return buffers;
    }

    Geometry geometry() {
        return geometry;
    }

    Superblock superblock() {
        return superblock;
    }

    GroupDescriptors groups() {
        return groups;
    }

    MountState state() {
        return state;
    }

    WriteOrder order() {
        return order;
    }

    BlockAllocator blockAllocator() {
        return blockAllocator;
    }

    InodeAllocator inodeAllocator() {
        return inodeAllocator;
    }

    InodeTable inodes() {
        return inodes;
    }

    /** Whether a new file gets its directory's group and not the process's. */
    boolean groupOfDirectory() {
        return groupOfDirectory;
    }

    /** Tells the files apart that use a number one after the other. */
    int newGeneration() {
        return nextGeneration.getAndIncrement();
    }

    @Override
    public int blockBytes() {
        return geometry.blockBytes();
    }

    @Override
    public long maxFileBytes() {
        return geometry.maxFileBytes();
    }

    @Override
    public int maxNameBytes() {
        return DirectoryBlock.NAME_MAX;
    }

    @Override
    public long rootNumber() {
        return Geometry.ROOT_INODE;
    }

    @Override
    public FileNode read(ProcessContext context, long number) {
        try {
            return new Ext2Inode(this, inodes.read(context, number));
        } catch (BlockException e) {
            throw new FileSystemException(e.errno(), "inode " + number);
        }
    }

    /** Whether there is a root directory to begin with; mount asks. */
    void checkRoot(ProcessContext context) {
        InodeData root = inodes.read(context, Geometry.ROOT_INODE);
        if (!FileMode.isDirectory(root.mode) || root.sectors == 0 || root.size == 0 || root.links == 0) {
            throw new FileSystemException(Errno.EINVAL, "error: corrupt root inode, run e2fsck");
        }
    }

    /** Counts as Linux's ext2_statfs does: what the format itself takes is not there at all, unless with the option minixdf. */
    @Override
    public Statistics statistics(ProcessContext context) {
        long overhead = options.minixStatistics() ? 0 : geometry.overhead();
        return new Statistics(
                SuperblockField.MAGIC_EXT2,
                geometry.blockBytes(),
                geometry.blocks() - overhead,
                blockAllocator.free(),
                blockAllocator.available(),
                geometry.inodes(),
                inodeAllocator.free(),
                DirectoryBlock.NAME_MAX);
    }

    @Override
    public int sync(ProcessContext context) {
        if (state.isReadOnly()) {
            return 0;
        }
        try {
            storeCounts();
            return order.settle(context);
        } catch (BlockException e) {
            return -e.errno();
        }
    }

    private void storeCounts() {
        long freeBlocks = blockAllocator.free();
        long freeInodes = inodeAllocator.free();
        if (superblock.getUnsigned(SuperblockField.FREE_BLOCKS_COUNT) != freeBlocks
                || superblock.getUnsigned(SuperblockField.FREE_INODES_COUNT) != freeInodes) {
            superblock.putInt(SuperblockField.FREE_BLOCKS_COUNT, freeBlocks);
            superblock.putInt(SuperblockField.FREE_INODES_COUNT, freeInodes);
            superblock.putInt(SuperblockField.WRITE_TIME, state.now());
            superblock.markDirty();
        }
    }

    @Override
    public int remount(ProcessContext context, boolean readOnly) {
        if (readOnly == state.isReadOnly()) {
            return 0;
        }
        return readOnly ? finish(context) : beginWriting(context);
    }

    /** Begins to write, at mount or later. 0, -EROFS when there are features that this code must not write with, -EIO. */
    int beginWriting(ProcessContext context) {
        int unknown = superblock.unknownReadOnlyCompatible();
        if (unknown != 0) {
            state.warn("couldn't remount RDWR because of unsupported optional features (" + Integer.toHexString(unknown)
                    + ")");
            return -Errno.EROFS;
        }
        return state.beginWriting(context);
    }

    private int finish(ProcessContext context) {
        int error = sync(context);
        return error < 0 ? error : state.endWriting(context);
    }

    @Override
    public void unmount(ProcessContext context) {
        if (!state.isReadOnly()) {
            int error = finish(context);
            if (error < 0) {
                request.log().error("error: not all could be written, running e2fsck is recommended");
            }
        }
        groups.close();
        superblock.close();
    }
}
