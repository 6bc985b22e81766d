// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.Context;
import kernel.api.dma.ScatterList;

/**
 * One command for a device: adjoining bios made one (Linux: struct request). The driver owns it from {@link BlockDriver#queueRequest} until it completes
 * it.
 */
public interface BlockRequest {
    BlockOperation operation();

    /** Whether a write must be durable when it completes (FUA). Only where the disk's limits say that the device can. */
    boolean isForcedUnitAccess();

    /** The first sector, of the whole disk. */
    long sector();

    /** How much, in bytes; a multiple of the logical block. 0 for a flush. */
    long bytes();

    /** Its number among the requests in flight on its hardware queue, from 0 and below the queue's depth; stays until it completes. */
    int tag();

    /** The hardware queue that it was sent by, from 0. */
    int queue();

    /** The disk that it is for, among those that share the tags. */
    Disk disk();

    /** The memory that the data comes from or goes to; the driver maps it. Empty for what has no data. The list lives with the tag. */
    ScatterList data();

    /** How often it has been sent before and was handed back to be sent again; 0 the first time. */
    int requeues();

    /** What {@link BlockDriver#newRequestData} made for this queue and tag, used again for each request with it. */
    Object driverData();

    /**
     * Hands it back. Callable in any context; exactly once for each time that it was queued: a second is reported and ignored.
     *
     * @param error 0, or a negative errno: EIO, ENODEV, ETIMEDOUT, ENOSPC, EROFS, EOPNOTSUPP, EILSEQ (wrong checksum), ENODATA (medium)
     */
    void complete(Context context, int error);

    /**
     * Hands it back to be sent once more, as after a reset of the device (Linux: blk_mq_requeue_request). Callable in any context. After too many
     * attempts it completes with EIO instead.
     */
    void requeue(Context context);
}
