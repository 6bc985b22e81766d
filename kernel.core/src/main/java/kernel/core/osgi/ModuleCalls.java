// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EPERM;

import java.nio.file.Path;
import kernel.core.execution.Task;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/**
 * The system calls about modules (Linux: init_module(2), delete_module(2)). A module's image is its file on the host, so what stands at the image's address
 * is the path of that file, and its length the length of the path.
 */
final class ModuleCalls {
    private static final int MODULE_NAME_MAX = 64;

    private final ModuleLoader loader;
    private final HotPlug hotPlug;

    ModuleCalls(ModuleLoader loader, HotPlug hotPlug) {
        this.loader = loader;
        this.hotPlug = hotPlug;
    }

    void register(SystemCallTable table) {
        table.register(
                SystemCallNumber.INIT_MODULE,
                (process, image, length, arguments, a3, a4, a5) -> initModule(process, image, arguments));
        table.register(
                SystemCallNumber.DELETE_MODULE,
                (process, name, flags, a2, a3, a4, a5) -> deleteModule(process, name, (int) flags));
    }

    private long initModule(UserProcess process, long image, long argumentsAddress) {
        if (process.uid() != 0) {
            return -EPERM;
        }
        String path = process.readUserString(image, Limits.PATH_MAX);
        String arguments = process.readUserString(argumentsAddress, Limits.PATH_MAX);
        if (path == null || arguments == null) {
            return -EFAULT;
        }
        return locked(process, task -> loader.load(task, Path.of(path), arguments));
    }

    private long deleteModule(UserProcess process, long nameAddress, int flags) {
        if (process.uid() != 0) {
            return -EPERM;
        }
        String name = process.readUserString(nameAddress, MODULE_NAME_MAX);
        if (name == null) {
            return -EFAULT;
        }
        return locked(process, task -> loader.unload(task, name, (flags & OpenFlags.O_TRUNC) != 0));
    }

    /** One at a time, and with all devices known that have come so far. */
    private long locked(UserProcess process, Operation operation) {
        Task task = (Task) process;
        int error = loader.mutex().lockInterruptible(task);
        if (error != 0) {
            return error;
        }
        try {
            hotPlug.drain(task);
            return operation.run(task);
        } finally {
            loader.mutex().unlock(task);
        }
    }

    /** What is done with the mutex held; answers 0 or a negative errno. */
    @FunctionalInterface
    private interface Operation {
        int run(Task task);
    }
}
