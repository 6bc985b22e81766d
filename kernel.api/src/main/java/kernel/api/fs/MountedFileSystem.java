// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

import kernel.api.context.ProcessContext;

/** A file system at work (Linux: struct super_block). Called in process context; may sleep. */
public interface MountedFileSystem {
    /** The unit of allocation in bytes: 1024, 2048 or 4096. */
    int blockBytes();

    /** The largest size of a file in bytes. */
    long maxFileBytes();

    /** The longest name in bytes. */
    int maxNameBytes();

    /** The number of the root directory's inode. */
    long rootNumber();

    /**
     * Reads an inode. The kernel asks once for each that is in use and keeps what it gets.
     *
     * @throws FileSystemException ESTALE when there is none of that number, EUCLEAN when it is damaged, EIO
     */
    FileNode read(ProcessContext context, long number);

    /** What statfs(2) tells. */
    Statistics statistics(ProcessContext context);

    /** Brings what it keeps apart from the device's buffers, such as counts in the superblock, into them. 0 or a negative errno. */
    int sync(ProcessContext context);

    /** Changes between read-only and read-write. 0 or a negative errno. */
    int remount(ProcessContext context, boolean readOnly);

    /** It is not used any more; after it the kernel writes the device's buffers and flushes. */
    void unmount(ProcessContext context);

    /**
     * How full a file system is.
     *
     * @param type the magic number, as f_type
     * @param blockBytes the unit of the counts
     * @param blocks of the whole
     * @param freeBlocks that nobody has
     * @param availableBlocks that an unprivileged user may have
     * @param files inodes of the whole
     * @param freeFiles inodes that nobody has
     * @param maxNameBytes the longest name
     */
    record Statistics(
            long type,
            int blockBytes,
            long blocks,
            long freeBlocks,
            long availableBlocks,
            long files,
            long freeFiles,
            int maxNameBytes) {}
}
