// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import java.util.function.Consumer;
import kernel.api.context.ProcessContext;

/**
 * Hardware queues and the tags of the requests in flight on them, shared by all disks of a controller (Linux: struct blk_mq_tag_set). Got from
 * {@link BlockServices}; goes with the driver.
 */
public interface TagSet {
    int queues();

    /** How many requests may be in flight on each queue. */
    int depth();

    /** Lets no request through to the driver until {@link #unquiesce}, and waits until none is in its queueRequest. May sleep. Nests. */
    void quiesce(ProcessContext context);

    void unquiesce(ProcessContext context);

    /** Waits until no request is in flight; for after the disks have been removed or while nothing new is let in. May sleep. */
    void drain(ProcessContext context);

    /** Shows the driver every request that is under way, so that it can complete or requeue what a dead device will not. */
    void forEachInFlight(ProcessContext context, Consumer<BlockRequest> action);
}
