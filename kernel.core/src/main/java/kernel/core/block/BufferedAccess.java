// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;

/** The page cache of one disk or partition, as its node and its file system use it (Linux: block/fops.c, fs/buffer.c). Process context, may sleep. */
public interface BufferedAccess {
    /** Makes the page cache of a device; asked once for each device that is opened. */
    @FunctionalInterface
    interface Factory {
        BufferedAccess newAccess(BlockDevice device);
    }

    /**
     * Reads through the cache.
     *
     * @param position where on the device; what lies beyond its end is not read
     * @return bytes read, 0 at the end, or a negative errno
     */
    long read(ProcessContext context, UserBuffer buffer, long position);

    /**
     * Writes into the cache; the range ends at the device's end at the latest.
     *
     * @return bytes written, or a negative errno
     */
    long write(ProcessContext context, UserBuffer buffer, long position);

    /** Writes what is dirty and waits, without a flush of the device. 0, or the first error since the last call. */
    int sync(ProcessContext context);

    /** As {@link #sync}, for a range of bytes only. */
    int sync(ProcessContext context, long from, long to);

    /**
     * Forgets what is cached of a range of bytes, dirty or not: the device has been written past the cache, or what was there is of no interest.
     *
     * @return 0, or -EBUSY when pages of it are in use and stay
     */
    int invalidate(ProcessContext context, long from, long to);

    /** Nobody has the device open any more: what is dirty is written, and nothing is kept. 0, or the first error since the last call. */
    int close(ProcessContext context);

    /** The same pages seen in blocks of that size. */
    BlockBuffers buffers(int blockBytes);
}
