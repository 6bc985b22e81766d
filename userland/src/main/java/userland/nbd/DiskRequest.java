// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

/** One request of a client under way at the disk. */
public final class DiskRequest {
    final int command;
    final int flags;
    final long cookie;
    /** What the client asked for, in bytes. */
    final long offset;

    final int length;
    Disk.Operation operation;
    /** The whole blocks around that, which go to the disk. */
    long diskOffset;

    int diskLength;
    /** Where in user memory the blocks are; 0 for what has no data. */
    long buffer;

    int bufferBytes;
    boolean forcedUnitAccess;
    /** What the disk made of it: 0 or a positive errno. */
    int error;

    DiskRequest(int command, int flags, long cookie, long offset, int length) {
        this.command = command;
        this.flags = flags;
        this.cookie = cookie;
        this.offset = offset;
        this.length = length;
    }

    public Disk.Operation operation() {
        return operation;
    }

    public long diskOffset() {
        return diskOffset;
    }

    public int diskLength() {
        return diskLength;
    }

    public long buffer() {
        return buffer;
    }

    /** Whether a write or what is like it must be durable when it completes. */
    public boolean isForcedUnitAccess() {
        return forcedUnitAccess;
    }

    /**
     * The disk is done with it.
     *
     * @param errno 0 or positive
     */
    public void complete(int errno) {
        error = errno;
    }

    /** Where the client's own bytes are among the blocks. */
    long data() {
        return buffer + (offset - diskOffset);
    }

    boolean isAligned() {
        return offset == diskOffset && length == diskLength;
    }

    boolean changesDisk() {
        return operation == Disk.Operation.WRITE
                || operation == Disk.Operation.ZERO
                || operation == Disk.Operation.TRIM;
    }

    boolean overlaps(DiskRequest other) {
        return diskOffset < other.diskOffset + other.diskLength && other.diskOffset < diskOffset + diskLength;
    }
}
