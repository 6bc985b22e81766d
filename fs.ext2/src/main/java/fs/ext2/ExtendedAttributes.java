// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.context.ProcessContext;

/**
 * The block with a file's extended attributes, which several files may share (Linux: fs/ext2/xattr.c). This file system keeps what others wrote there, and
 * gives the block up with the last file.
 */
final class ExtendedAttributes {
    private static final int MAGIC = 0xea020000;
    private static final int REFERENCES = 4;

    private ExtendedAttributes() {}

    /** The file's attributes go with it. @throws kernel.api.fs.FileSystemException EIO when it is no such block */
    static void drop(ProcessContext context, Ext2Volume volume, InodeData inode) {
        long block = inode.attributeBlock;
        if (block == 0) {
            return;
        }
        inode.attributeBlock = 0;
        inode.sectors = Math.max(0, inode.sectors - volume.geometry().sectorsPerBlock());
        volume.inodes().store(context, inode);
        BlockBuffers buffers = volume.buffers();
        try (BlockBuffer buffer = buffers.read(context, block)) {
            if (buffer.getInt(0) != MAGIC) {
                throw volume.state()
                        .damaged(context, "ext2_xattr_delete_inode", "inode " + inode.number + ": bad block " + block);
            }
            int references = buffer.getInt(REFERENCES);
            if (references > 1) {
                buffer.putInt(REFERENCES, references - 1);
                buffer.markDirty();
                return;
            }
        }
        buffers.forget(context, block);
        volume.blockAllocator().free(context, block);
    }
}
