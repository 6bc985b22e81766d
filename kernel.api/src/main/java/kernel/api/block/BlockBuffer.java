// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.ProcessContext;

/**
 * One block in memory, held until it is released (Linux: struct buffer_head). Values are little-endian. Who reads and changes it at the same time as
 * others agrees with them on a lock.
 */
public interface BlockBuffer extends AutoCloseable {
    long block();

    byte get(int offset);

    short getShort(int offset);

    int getInt(int offset);

    void put(int offset, byte value);

    void putShort(int offset, short value);

    void putInt(int offset, int value);

    void read(int offset, byte[] to, int toOffset, int length);

    void write(int offset, byte[] from, int fromOffset, int length);

    void clear(int offset, int length);

    /** It has been changed: it will be written in a while, or by the next sync. */
    void markDirty();

    /** Writes it if it is dirty and waits (Linux: sync_dirty_buffer). May sleep. 0 or a negative errno. */
    int sync(ProcessContext context);

    /** Gives it up (Linux: brelse). */
    @Override
    void close();
}
