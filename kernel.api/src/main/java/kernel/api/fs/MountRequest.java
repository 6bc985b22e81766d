// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

import kernel.api.block.BlockDevice;
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
}
