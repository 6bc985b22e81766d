// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import kernel.api.context.ProcessContext;
import kernel.core.execution.Execution;
import kernel.core.failure.Failures;
import kernel.core.fs.SystemCallTable;
import kernel.core.log.Log;
import kernel.core.memory.PageAllocator;

/** What processes need of the kernel that they run on. */
public interface ProcessEnvironment {
    Execution execution();

    Failures failures();

    Log log();

    SystemCallTable systemCalls();

    PageAllocator pages();

    /** Time since the epoch in nanoseconds. */
    long wallClockNanos();

    /** Brings everything to rest before the kernel is stopped in good order. May sleep. */
    void prepareForPowerOff(ProcessContext context);

    /** Stops the kernel for good. */
    void halt(String reason);
}
