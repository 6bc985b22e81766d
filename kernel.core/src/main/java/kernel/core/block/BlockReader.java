// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** Reads the blocks of a disk for whoever looks for a partition table. */
interface BlockReader {
    /** The unit of addressing in bytes. */
    int blockBytes();

    /** How many blocks the disk has. */
    long blocks();

    /** Reads blocks that lie together; null when they cannot be read or are not all on the disk. */
    byte[] read(long block, int count);

    /** Something that the owner of the disk should know. */
    void warn(String message);
}
