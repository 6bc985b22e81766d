// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.List;

/** The devices by number: how a node of a file system finds its driver (Linux: fs/char_dev.c, block/bdev.c). Thread-safe. */
public interface DeviceNumbers {
    /** Told when nodes should appear and vanish, on whichever thread registers; must be quick and must not sleep. */
    interface Listener {
        void added(DeviceNode node);

        void removed(DeviceNode node);
    }

    /** Starts to listen; the nodes that are there already are added at once. */
    void listen(Listener listener);

    List<DeviceNode> nodes();

    /**
     * Opens a character device on behalf of a process: finds the driver, takes a reference on its module, calls its
     * open. On success the file is attached to the device.
     *
     * @return 0, -ENXIO when nobody registered the number, -ENODEV when the device is going, or what the driver answered
     */
    int openCharacterDevice(UserProcess process, FileDescription file, long device);

    /**
     * As {@link #openCharacterDevice}, for a disk or partition (Linux: blkdev_open).
     *
     * @return 0, -ENXIO when nobody has the number, -ENODEV when the disk is going, -EBUSY when it is wanted or had exclusively, -EROFS when it cannot
     *     be written
     */
    int openBlockDevice(UserProcess process, FileDescription file, long device, int flags);
}
