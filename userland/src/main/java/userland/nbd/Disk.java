// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

/** The disk behind an export. Requests may be under way side by side and complete in any order. */
public interface Disk {
    /** What a request asks for. */
    enum Operation {
        READ,
        WRITE,
        FLUSH,
        TRIM,
        ZERO
    }

    long sizeBytes();

    /** What offset and length of reads and writes are multiples of: 1 to 4096. */
    int blockBytes();

    /** Whether it refuses writes. */
    boolean isReadOnly();

    /** Whether a trim does anything. */
    boolean canTrim();

    /** Whether zeroing takes less time than writing. */
    boolean canZeroFast();

    /** Sends a request on its way, at the latest when somebody asks or waits for what has completed; it may have completed when this returns. */
    void start(DiskRequest request);

    /** Takes a request that has completed; null when none has. Does not wait. */
    DiskRequest completed();

    /** Waits until a request that is under way completes. */
    void await();

    /** What becomes readable when a request completes; -1 when every request completes in {@link #start}. */
    int descriptor();

    /** Reads whole blocks and waits. 0 or a positive errno. */
    int read(long address, long offset, int length);
}
