// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;

import java.util.List;
import kernel.api.file.UserBuffer;
import kernel.api.memory.Mapping;
import kernel.api.wait.PollTable;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.FileDescription;
import kernel.core.trace.TraceEvent;
import kernel.uapi.PollEvents;

/**
 * The border between system calls and whoever implements a file: nobody enters the driver of a device that has gone, and what comes back is
 * checked against the contract.
 */
final class DriverGate {
    private static final int ERRNO_MAX = 4095;

    private DriverGate() {}

    static long read(Proc process, FileDescription file, UserBuffer buffer, long position) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            entered(process, file, "read");
            long result = file.operations().read(process, file, buffer, position);
            return left(process, file, "read", result, buffer.length());
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    static long write(Proc process, FileDescription file, UserBuffer buffer, long position) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            entered(process, file, "write");
            long result = file.operations().write(process, file, buffer, position);
            return left(process, file, "write", result, buffer.length());
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    static long seek(Proc process, FileDescription file, long offset, int whence) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            entered(process, file, "seek");
            long result = file.operations().seek(process, file, file.position(), offset, whence);
            return left(process, file, "seek", result, Long.MAX_VALUE);
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    static long sync(Proc process, FileDescription file, boolean dataOnly) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            entered(process, file, "fsync");
            long result = file.operations().sync(process, file, dataOnly);
            return left(process, file, "fsync", result, 0);
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    static long ioctl(Proc process, FileDescription file, int command, long argument) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            entered(process, file, "ioctl");
            long result = file.operations().ioctl(process, file, command, argument);
            return left(process, file, "ioctl", result, Integer.MAX_VALUE);
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    static long mmap(Proc process, FileDescription file, Mapping mapping) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return -ENODEV;
        }
        try {
            entered(process, file, "mmap");
            long result = file.operations().mmap(process, file, mapping);
            return left(process, file, "mmap", result, 0);
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    /** A device that has gone has an error and hangs up. */
    static int poll(Proc process, FileDescription file, PollTable table) {
        DeviceFile device = file.device();
        if (device != null && !device.enter()) {
            return PollEvents.POLLERR | PollEvents.POLLHUP;
        }
        try {
            return file.operations().poll(process, file, table);
        } finally {
            if (device != null) {
                device.exit();
            }
        }
    }

    /** Who implements a file: a driver, or a file system by the name of its operations. */
    private static String implementer(FileDescription file) {
        DeviceFile device = file.device();
        return device != null
                ? "driver " + device.driver()
                : file.operations().getClass().getSimpleName();
    }

    private static void entered(Proc process, FileDescription file, String operation) {
        if (process.execution().trace().isOn()) {
            process.execution().trace(process, TraceEvent.DRIVER_ENTER, 0, 0, implementer(file) + " " + operation);
        }
    }

    private static long left(Proc process, FileDescription file, String operation, long result, long requested) {
        if (process.execution().trace().isOn()) {
            process.execution().trace(process, TraceEvent.DRIVER_EXIT, result, 0, implementer(file) + " " + operation);
        }
        return result < -ERRNO_MAX || result > requested
                ? violated(process, file, operation, result, requested)
                : result;
    }

    private static long violated(Proc process, FileDescription file, String operation, long result, long requested) {
        process.table()
                .failures()
                .report(
                        process.cpu(),
                        List.of(
                                "driver " + file.path() + " returned " + result + " from " + operation
                                        + ": contract violation",
                                "reason: a result is a negative errno or a count of at most " + requested
                                        + "; the program would take it for something else"));
        return -EIO;
    }
}
