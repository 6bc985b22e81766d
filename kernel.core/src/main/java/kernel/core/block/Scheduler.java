// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** Decides in which order the waiting requests of a disk are sent (Linux: struct elevator_mq_ops). Thread-safe; any context; allocates nothing once warm. */
interface Scheduler {
    String name();

    /** Takes a request; it may be merged into one that waits, and then another one comes back empty for its pool, else null. */
    Request insert(Request request, QueueLimits limits, long now);

    /** Makes a fragment part of a request that waits, if one fits. */
    boolean merge(Fragment fragment, QueueLimits limits);

    /** Takes out the one to send next; null when there is none, or none yet. */
    Request poll(long now);

    /** How many wait. */
    int size();
}
