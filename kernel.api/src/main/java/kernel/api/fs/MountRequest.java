// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;

/** What mount(2) was asked, and what the kernel gives to the new file system. */
public interface MountRequest {
    /** The device, for this file system alone while it is mounted. */
    BlockDevice device();

    boolean isReadOnly();

    /** The options that the kernel does not know itself, separated by commas; empty for none. */
    String options();

    /** A mutex of the file system's own. */
    Mutex mutex(String name);

    /** Lines begin with the type and the device, as in {@code EXT2-fs (ssd0p1): ...}. */
    KernelLog log();

    /** Time since the epoch in nanoseconds. */
    long wallClockNanos();

    /**
     * Whether the caller may take of what is reserved: it has CAP_SYS_RESOURCE, is that user or belongs to that group (Linux: ext2_has_free_blocks).
     *
     * @param user whose reserve it is
     * @param group whose reserve it is, or 0 for no group's
     */
    boolean mayUseReserve(ProcessContext context, int user, int group);

    /**
     * The file system has found itself damaged, or cannot be written at all, and goes read-only (Linux: SB_RDONLY): the kernel refuses changes with
     * EROFS from now on and shows it as {@code ro}. Also during mount. Does not sleep.
     */
    void forceReadOnly();

    /** Stops the machine, as {@code errors=panic} asks for (Linux: panic). Does not return. */
    void panic(ProcessContext context, String message);
}
