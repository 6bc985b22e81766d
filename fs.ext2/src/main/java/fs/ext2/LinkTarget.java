// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.ENAMETOOLONG;

import java.util.Arrays;
import kernel.api.block.BlockBuffer;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileSystemException;

/** Where a symbolic link points (Linux: fs/ext2/symlink.c): short targets are in the inode, in place of the pointers; longer ones have a block. */
final class LinkTarget {
    private LinkTarget() {}

    static byte[] read(ProcessContext context, Ext2Volume volume, InodeData inode, BlockMap map) {
        byte[] target = new byte[(int) inode.size];
        if (inode.isFastLink(volume.geometry().sectorsPerBlock())) {
            for (int i = 0; i < target.length; i++) {
                target[i] = (byte) (inode.pointers[i / Integer.BYTES] >>> (i % Integer.BYTES * Byte.SIZE));
            }
            return target;
        }
        long block = map.find(context, 0);
        if (block == 0) {
            throw volume.state().damaged(context, "ext2_get_link", "symbolic link #" + inode.number + " has no target");
        }
        try (BlockBuffer buffer = volume.buffers().read(context, block)) {
            buffer.read(0, target, 0, target.length);
        }
        return target;
    }

    /** Gives a new link its target; the inode is not stored. */
    static void write(ProcessContext context, Ext2Volume volume, InodeData inode, byte[] target) {
        if (target.length >= volume.geometry().blockBytes()) {
            throw new FileSystemException(ENAMETOOLONG, "target of a symbolic link");
        }
        if (target.length < InodeField.POINTER_BYTES) {
            for (int i = 0; i < target.length; i++) {
                inode.pointers[i / Integer.BYTES] |= (target[i] & 0xff) << (i % Integer.BYTES * Byte.SIZE);
            }
        } else {
            byte[] content = Arrays.copyOf(target, volume.geometry().blockBytes());
            long _ = new BlockMap(volume, inode).create(context, 0, content);
        }
        inode.size = target.length;
    }
}
