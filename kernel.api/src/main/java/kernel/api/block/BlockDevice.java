// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.ProcessContext;

/** An open disk or partition as its users in the kernel see it: file systems, the loop device (Linux: struct block_device). */
public interface BlockDevice {
    /** The name of its node, such as {@code ssd0p1}. */
    String name();

    /** Its number, see {@link kernel.uapi.FileMode#device}. */
    long device();

    /** Its size in sectors of 512 bytes. */
    long sectors();

    DiskLimits limits();

    /** Whether the disk has gone: every operation fails with ENODEV. */
    boolean isGone();

    /**
     * Makes a bio. It may be submitted again after it has completed.
     *
     * @param maxSegments how many pieces of memory it can have
     */
    Bio newBio(int maxSegments);

    /** Submits a flush and waits for it. May sleep. Returns 0 or a negative errno. */
    int flush(ProcessContext context);

    /** Discards sectors and waits. May sleep. Returns 0 or a negative errno; -EOPNOTSUPP when the device knows no discard. */
    int discard(ProcessContext context, long sector, long count);

    /** Makes sectors read as zeroes, by command or by writing them, and waits. May sleep. Returns 0 or a negative errno. */
    int writeZeroes(ProcessContext context, long sector, long count);

    /**
     * The device's own page cache seen in blocks: what a program reads from the node and what a file system keeps there are the same bytes.
     *
     * @param blockBytes 512 to 4096, a power of two and at least the logical block
     */
    BlockBuffers buffers(int blockBytes);
}
