// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/**
 * One transfer between memory and adjoining sectors, not bound to any process (Linux: struct bio). Reused: {@link #reset}, {@link #add}, {@link #submit}.
 * Belongs to one user at a time; to the block layer between submission and completion.
 */
public interface Bio {
    /** Told of the end. In any context, also a handler's; must not sleep, may submit the next. */
    @FunctionalInterface
    interface Handler {
        void completed(Context context, Bio bio);
    }

    /**
     * Prepares it.
     *
     * @param sector the first one, of the device
     * @param bytes for what has no data: how much; else 0, and {@link #add} counts
     */
    Bio reset(BlockOperation operation, long sector, long bytes);

    /** Adds physically contiguous memory; lengths are multiples of the logical block. False when it has no room for one more piece. */
    boolean add(long physicalAddress, int length);

    /** The write is to be durable when it completes; the block layer flushes where the device cannot. */
    Bio forcedUnitAccess();

    /** A flush comes before it (Linux: REQ_PREFLUSH). */
    Bio flushFirst();

    /** Who is told; null for nobody, as for {@link #submitAndWait}. */
    Bio onCompletion(Handler handler);

    /** What its user wants to find again in the handler. */
    Bio attach(Object object);

    Object attachment();

    BlockOperation operation();

    long sector();

    long bytes();

    /** Sends it on its way. May sleep for want of a tag. Errors come with the completion, also those found at once (EIO beyond the end, EROFS). */
    void submit(ProcessContext context);

    /** Sends it and waits, not interruptibly. Returns {@link #error()}. */
    int submitAndWait(ProcessContext context);

    /** After completion: 0 or a negative errno. */
    int error();
}
