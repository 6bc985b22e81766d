// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/** What a driver of block devices does (Linux: struct blk_mq_ops). */
public interface BlockDriver {
    /** What becomes of a request whose time was over. */
    enum TimeoutAction {
        /** The driver has completed or requeued it, or will before it returns. */
        DONE,
        /** It is still at work: wait for as long again. */
        WAIT_AGAIN
    }

    /**
     * Sends a request to the device. Must not sleep: it may be called in any context but a hardirq, by several processors at once for different
     * hardware queues, and for one queue by one processor at a time.
     *
     * @param last whether the driver should tell the device now (ring the doorbell); when false more follow, or {@link #commit}
     * @return 0 when it is under way; -EBUSY when the device has no room now: it is sent again after the next completion on that queue; any other
     *     negative errno fails the request
     */
    int queueRequest(Context context, BlockRequest request, boolean last);

    /** Tells the device of what was queued without {@code last}. As {@link #queueRequest}. */
    default void commit(Context context, int queue) {}

    /**
     * A request has been under way for longer than the tag set's timeout. May sleep. The driver aborts it, resets the device, or finds that it had been
     * completed all along.
     */
    TimeoutAction timedOut(ProcessContext context, BlockRequest request);

    /** Makes what the driver wants to keep with each tag, once, when the tag set is made. */
    default Object newRequestData(int queue, int tag) {
        return null;
    }

    /** A device-specific control of the disk's node. -ENOTTY for a command that is not known. */
    default long ioctl(ProcessContext context, Disk disk, int command, long argument) {
        return -kernel.uapi.Errno.ENOTTY;
    }
}
