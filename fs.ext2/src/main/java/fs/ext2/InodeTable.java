// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ESTALE;
import static kernel.uapi.Errno.EUCLEAN;

import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.api.lock.Mutex;
import kernel.uapi.FileMode;

/**
 * Inodes on their way from the device and back (Linux: fs/ext2/inode.c, ext2_iget and __ext2_write_inode). A change is in the device's buffer as soon as it
 * is stored. What the inodes of a block share is their buffer; one mutex keeps two writers of one inode apart.
 */
final class InodeTable {
    private static final long LARGE_FILE_MIN = 1L << 31;

    private final Geometry geometry;
    private final GroupDescriptors groups;
    private final BlockBuffers buffers;
    private final MountState state;
    private final WriteOrder order;
    private final Mutex mutex;
    private final boolean shortOwners;
    private final long maxFileBytes;

    InodeTable(Ext2Volume volume, boolean shortOwners, Mutex mutex) {
        geometry = volume.geometry();
        groups = volume.groups();
        buffers = volume.buffers();
        state = volume.state();
        order = volume.order();
        this.mutex = mutex;
        this.shortOwners = shortOwners;
        maxFileBytes = geometry.maxFileBytes();
    }

    /** Whether an entry of a directory may have this number. */
    boolean isNumber(long number) {
        return number == Geometry.ROOT_INODE || (number >= geometry.firstInode() && number <= geometry.inodes());
    }

    /**
     * Reads an inode.
     *
     * @throws FileSystemException ESTALE when there is none of that number, EUCLEAN when it is damaged, EIO
     */
    InodeData read(ProcessContext context, long number) {
        if (!isNumber(number)) {
            state.report(context, "ext2_get_inode", "bad inode number: " + number);
            throw new FileSystemException(ESTALE, "inode " + number);
        }
        InodeData data = new InodeData(number);
        data.namedInEpoch = order.epoch();
        try (BlockBuffer buffer = buffer(context, number)) {
            data.load(buffer, offset(number), shortOwners);
        }
        if (data.links == 0 && (data.mode == 0 || data.deleted != 0)) {
            throw new FileSystemException(ESTALE, "inode " + number);
        }
        String damage = damage(data);
        if (damage != null) {
            state.report(context, "ext2_iget", "bad inode " + number + ": " + damage);
            throw new FileSystemException(EUCLEAN, "inode " + number);
        }
        return data;
    }

    private String damage(InodeData data) {
        if (!isType(data.mode & FileMode.S_IFMT)) {
            return "bogus i_mode (" + Integer.toOctalString(data.mode) + ")";
        }
        if (data.attributeBlock != 0 && !groups.isData(data.attributeBlock)) {
            return "bad extended attribute block " + data.attributeBlock;
        }
        if (data.has(InodeField.FLAG_EXTENTS) || data.has(InodeField.FLAG_INLINE_DATA)) {
            return "unsupported i_flags (0x" + Integer.toHexString(data.flags) + ")";
        }
        long sizeMax = maxFileBytes;
        if (FileMode.isLink(data.mode)) {
            boolean fast = data.isFastLink(geometry.sectorsPerBlock());
            sizeMax = (fast ? InodeField.POINTER_BYTES : geometry.blockBytes()) - 1L;
        }
        boolean partial = data.isDirectory() && data.size % geometry.blockBytes() != 0;
        return data.size < 0 || data.size > sizeMax || partial ? "i_size " + data.size : null;
    }

    private static boolean isType(int type) {
        return switch (type) {
            case FileMode.S_IFREG,
                    FileMode.S_IFDIR,
                    FileMode.S_IFLNK,
                    FileMode.S_IFCHR,
                    FileMode.S_IFBLK,
                    FileMode.S_IFIFO,
                    FileMode.S_IFSOCK -> true;
            default -> false;
        };
    }

    /** Brings an inode into its buffer. */
    void store(ProcessContext context, InodeData data) {
        store(context, data, false);
    }

    /** As {@link #store}, in place of what was there of another file's. */
    void storeNew(ProcessContext context, InodeData data) {
        store(context, data, true);
    }

    private void store(ProcessContext context, InodeData data, boolean isNew) {
        if (data.isRegular() && data.size >= LARGE_FILE_MIN) {
            state.allowLargeFiles(context);
        }
        mutex.lock(context);
        try (BlockBuffer buffer = buffer(context, data.number)) {
            int at = offset(data.number);
            if (isNew) {
                buffer.clear(at, geometry.inodeBytes());
            }
            data.store(buffer, at, shortOwners);
            buffer.markDirty();
        } finally {
            mutex.unlock(context);
        }
    }

    private BlockBuffer buffer(ProcessContext context, long number) {
        long first = groups.inodeTable(geometry.groupOfInode(number));
        long block = first + geometry.indexOfInode(number) / perBlock();
        try {
            return buffers.read(context, block);
        } catch (BlockException e) {
            if (e.errno() == EIO) {
                throw state.damaged(
                        context, "ext2_get_inode", "unable to read inode block - inode=" + number + ", block=" + block);
            }
            throw e;
        }
    }

    private int offset(long number) {
        return geometry.indexOfInode(number) % perBlock() * geometry.inodeBytes();
    }

    private int perBlock() {
        return geometry.blockBytes() / geometry.inodeBytes();
    }
}
