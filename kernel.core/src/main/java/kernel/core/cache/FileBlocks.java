// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;

/** Where the bytes of a mapping are on a device: what the page cache asks of a file system (Linux: struct address_space_operations). */
public interface FileBlocks {
    /** No place on the device: reads as zeroes. */
    long HOLE = Long.MAX_VALUE;

    BlockDevice device();

    /** The unit of {@link #map}: 512 to 4096, a power of two. */
    int blockBytes();

    /** How many bytes there are now; what lies behind is zero and is not written. */
    long sizeBytes();

    /**
     * Says which block of the device holds a block of the file. Never called by two tasks at once.
     *
     * @param create whether to find it a place when it has none
     * @return a number from 0, {@link #HOLE}, or a negative errno
     */
    long map(ProcessContext context, long block, boolean create);

    /** Whether the last {@link #map} that created found a new place, on which there is garbage. */
    boolean wasNew();

    /** Makes durable what is needed to find the bytes again, which themselves are on their way. May sleep. 0 or a negative errno. */
    default int syncRest(ProcessContext context) {
        return 0;
    }

    /** A program is about to write to a page that it has in its memory. */
    default void mappedPageWritten(ProcessContext context) {}

    /** A page of it has become dirty, and none was before. Callable in process context; must not sleep. */
    void becameDirty();
}
