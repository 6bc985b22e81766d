// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

import kernel.api.context.ProcessContext;

/** A whole disk as its driver sees it (Linux: struct gendisk). Its partitions are read when it is added. */
public interface Disk {
    /** The name of the node in /dev, such as {@code ssd0}. */
    String name();

    /** What the driver gave with it when it was added. */
    Object driverData();

    DiskLimits limits();

    /** The capacity in sectors of 512 bytes. */
    long sectors();

    /** The capacity has changed; what is beyond a smaller one fails with EIO. May sleep. */
    void setSectors(ProcessContext context, long sectors);

    /**
     * The disk is no more: its nodes vanish, waiting requests fail with ENODEV, later calls of those who have it open get ENODEV or EIO. Requests in the
     * driver's hands are the driver's to complete. May sleep. Done by the kernel at the latest when the driver goes.
     */
    void remove(ProcessContext context);
}
