// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.ProcessContext;

/** The blocks of a device in the page cache (Linux: fs/buffer.c). */
public interface BlockBuffers {
    int blockBytes();

    /** How many blocks the device has. */
    long blocks();

    /**
     * The block, read if it was not in memory (Linux: sb_bread). May sleep. The caller releases it.
     *
     * @throws BlockException EIO when it cannot be read or lies beyond the end, ENOMEM, ENODEV
     */
    BlockBuffer read(ProcessContext context, long block);

    /**
     * The block without reading it, zeroed and up to date, for a caller that fills it (Linux: sb_getblk with set_buffer_uptodate). May sleep.
     *
     * @throws BlockException EIO beyond the end, ENOMEM, ENODEV
     */
    BlockBuffer create(ProcessContext context, long block);

    /** The block is free now: its buffer is not dirty any more (Linux: bforget). What file data is written there later is not overwritten by an old buffer. */
    void forget(ProcessContext context, long block);

    /** Begins to write what is dirty and waits for it, without a flush of the device. May sleep. 0, or the first error since the last call. */
    int sync(ProcessContext context);
}
