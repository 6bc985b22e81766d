// SPDX-License-Identifier: Apache-2.0
package kernel.api.device;

import kernel.api.file.FileOperations;

/**
 * A character device. A driver component publishes itself as a service of this type; the kernel gives it a device
 * number and a node in /dev for as long as the service is there (Linux: cdev_add with device_create).
 */
public interface CharacterDevice extends FileOperations {
    /** The stem of the node's name; the first device of a driver has it bare, see {@link #nodeName()}. */
    String driverName();

    /** The minor number, of several the first; unique among the devices of one driver name. */
    int minor();

    /** How many minor numbers the device has, each with a node of its own (Linux: the count of cdev_add). Which one a file is open on it says itself. */
    default int minors() {
        return 1;
    }

    /** The name of the node in /dev; by default the driver's name, followed by the minor number unless that is 0. */
    default String nodeName() {
        return minor() == 0 ? driverName() : driverName() + minor();
    }

    /** The name of the node of one of several minor numbers. */
    default String nodeName(int minor) {
        return nodeName();
    }

    /** Permission bits of the nodes. */
    default int mode() {
        return 0666;
    }
}
