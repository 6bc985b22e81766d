// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import java.util.function.Consumer;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;
import kernel.api.wait.WaitQueue;
import kernel.core.block.BlockLayer;
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

    /**
     * Adds what is to be done before the machine is switched off in good order; what was added last comes first. Processes have ended by then. Process
     * context, may sleep.
     */
    void onPowerOff(Consumer<ProcessContext> step);

    /** Disks and partitions. */
    BlockLayer blockLayer();

    /** The kinds of file systems that modules bring. */
    FileSystemTable fileSystems();

    /** The kernel's log, each line after a prefix and a colon. */
    KernelLog log(String prefix);

    /** Stops the machine (Linux: panic). Does not return. */
    void panic(ProcessContext context, String message);

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
