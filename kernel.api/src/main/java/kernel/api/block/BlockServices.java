// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.ProcessContext;

/** How a driver of block devices becomes one; from {@link kernel.api.device.BoundDevice#block()}. Everything goes with the driver. */
public interface BlockServices {
    /**
     * Makes hardware queues. Processors are spread over them evenly.
     *
     * @param queues 1 to 64
     * @param depth requests in flight on each, 1 to 1024
     * @param timeoutNanos how long a request may take before the driver's timedOut is called; Linux has 30 s
     */
    TagSet newTagSet(BlockDriver driver, int queues, int depth, long timeoutNanos);

    /**
     * Adds a disk: reads its partition table, makes the nodes. May sleep; requests come before it returns.
     *
     * @param name of the node, such as {@code ssd0}
     * @param sectors capacity in units of 512 bytes
     * @param driverData for {@link Disk#driverData()}
     * @throws kernel.api.device.ProbeException EBUSY when the name is taken, EINVAL when limits make no sense
     */
    Disk addDisk(ProcessContext context, TagSet tags, String name, long sectors, DiskLimits limits, Object driverData);

    /** The lowest number n from 0 for which no disk is named {@code stem + n}; taken until the driver goes. */
    int takeNumber(String stem);
}
