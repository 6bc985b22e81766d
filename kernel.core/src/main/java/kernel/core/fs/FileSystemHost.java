// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.api.lock.Mutex;
import kernel.api.wait.WaitQueue;
import kernel.core.cache.PageCache;

/** The kernel as file systems see it; implemented by {@code kernel.core.Kernel}. */
public interface FileSystemHost {
    SystemCallTable systemCalls();

    DeviceNumbers deviceNumbers();

    ProcTable procTable();

    SysTable sysTable();

    ExecutableTable executables();

    /** Says who resolves names; once, before the first process starts. */
    void setNameSpace(NameSpace nameSpace);

    /** The pages of files and disks in memory. */
    PageCache pageCache();

    /** A wait queue, for pipes and the like. */
    WaitQueue waitQueue(String name);

    /** A mutex for file systems. */
    Mutex mutex(String name);

    /** Time since the epoch in nanoseconds; virtual and starting at a fixed date in deterministic mode. */
    long wallClockNanos();

    /** Sends a signal to a process, as kill does; for SIGPIPE. */
    void signal(UserProcess process, int signal);
}
