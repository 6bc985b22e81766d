// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;

import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.uapi.StatLayout;

/** struct stat on its way to user memory (Linux: cp_new_stat). */
final class StatBuffer {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private StatBuffer() {}

    /** Writes the attributes of an inode; 0 or -EFAULT. */
    static int copy(ProcessContext context, long address, Inode inode) {
        byte[] stat = new byte[StatLayout.BYTES];
        LittleEndian.putLong(stat, StatLayout.DEV, inode.fileSystem().device());
        LittleEndian.putLong(stat, StatLayout.INO, inode.number());
        LittleEndian.putLong(stat, StatLayout.NLINK, inode.links());
        LittleEndian.putInt(stat, StatLayout.MODE, inode.mode());
        LittleEndian.putInt(stat, StatLayout.UID, inode.user());
        LittleEndian.putInt(stat, StatLayout.GID, inode.group());
        LittleEndian.putLong(stat, StatLayout.RDEV, inode.deviceNumber());
        LittleEndian.putLong(stat, StatLayout.SIZE, inode.sizeBytes());
        LittleEndian.putLong(stat, StatLayout.BLKSIZE, inode.fileSystem().blockSizeBytes());
        LittleEndian.putLong(stat, StatLayout.BLOCKS, inode.blocks());
        putTime(stat, StatLayout.ATIME, inode.accessedNanos());
        putTime(stat, StatLayout.MTIME, inode.modifiedNanos());
        putTime(stat, StatLayout.CTIME, inode.changedNanos());
        return context.copyToUser(new UserBuffer(address, stat.length), 0, stat, 0, stat.length) == 0 ? 0 : -EFAULT;
    }

    private static void putTime(byte[] stat, int offset, long nanos) {
        LittleEndian.putLong(stat, offset, Math.floorDiv(nanos, NANOS_PER_SECOND));
        LittleEndian.putLong(stat, offset + Long.BYTES, Math.floorMod(nanos, NANOS_PER_SECOND));
    }
}
