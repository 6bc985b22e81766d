// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EPERM;

import kernel.core.fs.DeviceNumbers;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;

/** A device node: nothing but a number, by which the driver is found at open (Linux: init_special_inode, chrdev_open, blkdev_open). */
final class DeviceInode extends Inode {
    private final long device;
    private String numbers;

    /** @param device the number, see {@link FileMode#device} */
    DeviceInode(FileSystem fileSystem, long number, Birth birth, long device) {
        super(fileSystem, number, birth);
        this.device = device;
    }

    @Override
    int mayBeMadeBy(UserProcess process) {
        return process.uid() == 0 ? 0 : -EPERM;
    }

    /** Opens the device; -ENXIO when nobody has the number, -ENODEV when it is going, or what its driver says. */
    @Override
    int open(Opening opening) {
        opening.process().traceLookup("device", numbers());
        FileDescription file = opening.describe(NoOperations.INSTANCE);
        DeviceNumbers numbers = opening.host().deviceNumbers();
        int error = FileMode.isBlockDevice(mode())
                ? numbers.openBlockDevice(opening.process(), file, device, opening.flags())
                : numbers.openCharacterDevice(opening.process(), file, device);
        if (error == 0) {
            opening.attach(file);
        }
        return error;
    }

    private String numbers() {
        String known = numbers;
        if (known == null) {
            known = FileMode.major(device) + ":" + FileMode.minor(device);
            numbers = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return label() + (FileMode.isCharacterDevice(mode()) ? " c " : " b ") + numbers();
    }

    @Override
    long deviceNumber() {
        return device;
    }

    @Override
    long sizeBytes() {
        return 0;
    }
}
