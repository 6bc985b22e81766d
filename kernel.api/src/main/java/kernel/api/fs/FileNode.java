// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

import kernel.api.context.ProcessContext;

/**
 * A file of a mounted file system, whatever its type (Linux: struct inode with its operations). Operations answer 0 or a count, or a negative errno; those of
 * directories are called on directories only, and the others likewise. Names are raw bytes without {@code /} and zero, not longer than the limit.
 *
 * <p>The kernel has checked permissions, that an entry exists or does not, and that a file system is not read-only.
 */
public interface FileNode {
    /** The attributes as the file system knows them now; the kernel copies. */
    void readAttributes(FileAttributes to);

    /** Changes mode (not the type), owner, group and times to these, and marks the inode for writing; the size is {@link #resize}'s. */
    int writeAttributes(ProcessContext context, FileAttributes from);

    // ---- directories

    /** Finds a name: the number of its inode, or -ENOENT, -EIO. */
    long lookup(ProcessContext context, byte[] name);

    /**
     * Makes a file and its name: an empty regular one, a directory with {@code .} and {@code ..}, or a device, pipe or socket.
     *
     * @param attributes type and permissions, owner, group, times, device number
     * @return the inode's number, or -ENOSPC, -EIO, ...; nothing has changed then
     */
    long create(ProcessContext context, byte[] name, FileAttributes attributes);

    /** Makes a symbolic link. As {@link #create}. */
    long symlink(ProcessContext context, byte[] name, byte[] target, FileAttributes attributes);

    /** Makes one more name of a file that is no directory. -EMLINK at the most links. */
    int link(ProcessContext context, byte[] name, FileNode file);

    /** Takes a name away; the file's link count falls. The content goes with {@link #evict}. */
    int unlink(ProcessContext context, byte[] name, FileNode file);

    /** Takes an empty directory away; -ENOTEMPTY. */
    int rmdir(ProcessContext context, byte[] name, FileNode directory);

    /**
     * Moves a name, in place of another file if there is one, which loses a link as in unlink or rmdir. -ENOTEMPTY when that is a directory with names.
     *
     * @param replaced what is at the new name now, or null
     */
    int rename(
            ProcessContext context,
            byte[] name,
            FileNode file,
            FileNode newDirectory,
            byte[] newName,
            FileNode replaced);

    /**
     * Hands out entries, {@code .} and {@code ..} included, from that position on until the sink is full.
     *
     * @param position 0 for the beginning, or as given with the last entry
     */
    int list(ProcessContext context, long position, DirectorySink sink);

    // ---- symbolic links

    /** Where it points. @throws FileSystemException EIO */
    byte[] readLink(ProcessContext context);

    // ---- regular files

    /**
     * Says where a block of the file's data is on the device.
     *
     * @param index which block of the file
     * @param create whether to find it a place when it has none; the block on the device then holds garbage, and the kernel writes it whole
     * @return the number of the device's block; 0 for a hole; -ENOSPC, -EIO, -EFBIG
     */
    long mapBlock(ProcessContext context, long index, boolean create);

    /** Whether the last {@link #mapBlock} that created found a new place, so that what is around the bytes written must be zeroed. */
    boolean wasNew();

    /** Sets the size; blocks behind it are freed. The kernel has dropped the pages behind it and zeroed the rest of the last one. */
    int resize(ProcessContext context, long sizeBytes);

    // ---- all

    /** Brings the inode into the device's buffers; with {@code wait} those buffers are on the device when it returns, including those that map its data. */
    int writeInode(ProcessContext context, boolean wait);

    /** Nobody uses it any more. When no name is left, its blocks and its number are free afterwards. */
    void evict(ProcessContext context);
}
