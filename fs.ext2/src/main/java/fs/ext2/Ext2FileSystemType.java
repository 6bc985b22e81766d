// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EROFS;

import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.FileSystemType;
import kernel.api.fs.MountRequest;
import kernel.api.fs.MountedFileSystem;
import org.osgi.service.component.annotations.Component;

/** ext2 for mount -t (Linux: fs/ext2/super.c, ext2_fill_super). Looks at everything that a mount depends on before it writes the first byte. */
@Component
public final class Ext2FileSystemType implements FileSystemType {
    private static final int KILOBYTE = 1024;
    private static final int BLOCK_BYTES_MAX = 4096;
    private static final int LOG_MAX = 2;

    /** The framework makes it. */
    public Ext2FileSystemType() {}

    @Override
    public String typeName() {
        return "ext2";
    }

    @Override
    public MountedFileSystem mount(ProcessContext context, MountRequest request) {
        try {
            return read(context, request);
        } catch (BlockException e) {
            throw new FileSystemException(e.errno(), "error: unable to read superblock");
        }
    }

    private static MountedFileSystem read(ProcessContext context, MountRequest request) {
        MountOptions options = MountOptions.parse(request.options());
        BlockDevice device = request.device();
        int blockBytes = blockBytes(context, request, options);
        BlockBuffers buffers = device.buffers(blockBytes);
        Superblock superblock = open(context, request, buffers, options.superblockKilobyte());
        GroupDescriptors groups = null;
        boolean complete = false;
        try {
            Geometry geometry = new Geometry(superblock, blockBytes, device.sectors() * Geometry.SECTOR_BYTES);
            groups = new GroupDescriptors(context, geometry, buffers, superblock.block());
            Ext2Volume volume = new Ext2Volume(request, options, buffers, geometry, superblock, groups);
            volume.checkRoot(context);
            begin(context, request, volume);
            complete = true;
            return volume;
        } finally {
            if (!complete) {
                superblock.close();
                if (groups != null) {
                    groups.close();
                }
            }
        }
    }

    /** Reads the superblock for the first time, when the block size is not known yet, and refuses what this code does not understand. */
    private static int blockBytes(ProcessContext context, MountRequest request, MountOptions options) {
        int logical = request.device().limits().logicalBlockBytes();
        BlockBuffers buffers = request.device().buffers(Math.max(KILOBYTE, logical));
        try (Superblock superblock = open(context, request, buffers, options.superblockKilobyte())) {
            checkFeatures(request, superblock);
            long log = superblock.getUnsigned(SuperblockField.LOG_BLOCK_SIZE);
            if (log > LOG_MAX) {
                throw new FileSystemException(
                        EINVAL, "error: unsupported blocksize: 1024 << " + log + ", at most " + BLOCK_BYTES_MAX);
            }
            int blockBytes = KILOBYTE << log;
            if (blockBytes < logical) {
                throw new FileSystemException(EINVAL, "error: blocksize is too small");
            }
            return blockBytes;
        }
    }

    private static Superblock open(ProcessContext context, MountRequest request, BlockBuffers buffers, long kilobyte) {
        long position = kilobyte * KILOBYTE;
        long block = position / buffers.blockBytes();
        int offset = (int) (position % buffers.blockBytes());
        if (block >= buffers.blocks()) {
            throw new FileSystemException(EINVAL, "error: unable to read superblock");
        }
        Superblock superblock = new Superblock(buffers.read(context, block), offset);
        if (superblock.getShort(SuperblockField.MAGIC) != SuperblockField.MAGIC_EXT2) {
            superblock.close();
            throw new FileSystemException(
                    EINVAL,
                    "error: can't find an ext2 filesystem on dev "
                            + request.device().name() + ".");
        }
        return superblock;
    }

    private static void checkFeatures(MountRequest request, Superblock superblock) {
        boolean old = superblock.getInt(SuperblockField.REVISION_LEVEL) == SuperblockField.REVISION_GOOD_OLD;
        int flags = superblock.getInt(SuperblockField.FEATURE_COMPAT)
                | superblock.getInt(SuperblockField.FEATURE_INCOMPAT)
                | superblock.getInt(SuperblockField.FEATURE_RO_COMPAT);
        if (old && flags != 0) {
            request.log().warn("warning: feature flags set on rev 0 fs, running e2fsck is recommended");
        }
        int incompatible = superblock.unknownIncompatible();
        if (incompatible != 0) {
            throw new FileSystemException(
                    EINVAL,
                    "error: couldn't mount because of unsupported optional features ("
                            + Integer.toHexString(incompatible) + ")");
        }
        int readOnly = superblock.unknownReadOnlyCompatible();
        if (readOnly != 0 && !request.isReadOnly()) {
            throw new FileSystemException(
                    EINVAL,
                    "error: couldn't mount RDWR because of unsupported optional features ("
                            + Integer.toHexString(readOnly) + ")");
        }
    }

    private static void begin(ProcessContext context, MountRequest request, Ext2Volume volume) {
        if ((volume.superblock().getInt(SuperblockField.FEATURE_COMPAT) & SuperblockField.COMPAT_HAS_JOURNAL) != 0) {
            volume.state().warn("mounting ext3 filesystem as ext2");
        }
        if (request.isReadOnly()) {
            return;
        }
        int error = volume.beginWriting(context);
        if (error < 0 && error != -EROFS) {
            throw new FileSystemException(-error, "error: unable to write superblock");
        }
    }
}
