// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.ENOMEM;

import kernel.core.memory.AddressSpace;
import kernel.core.trace.TraceEvent;
import kernel.uapi.Executable;

/** Puts another program into a process (Linux: begin_new_exec). */
final class Exec {
    private Exec() {}

    /**
     * Builds the new image; from then on there is no way back, and the caller leaves the old program's stack.
     *
     * @return 0, or -ENOMEM and nothing has changed
     */
    static int prepare(Proc process, String path, Executable program, ExecArguments arguments) {
        AddressSpace memory = new AddressSpace(process.table().pages());
        long stackPointer = arguments.writeStack(memory);
        if (stackPointer < 0) {
            memory.release(process);
            return -ENOMEM;
        }
        process.files().closeForExec(process);
        process.signals().resetForExec();
        process.recalculateSignals();
        process.renameAfter(path);
        process.setCommandLine(arguments.commandLine());
        process.table().hasExecuted(process);
        AddressSpace old = process.memory();
        process.endAsynchronous();
        process.setMemory(memory);
        if (old != null) {
            old.release(process);
        }
        ProgramProcessor processor = new ProgramProcessor(process, memory, new TextSegment());
        process.setNextImage(new ProgramImage(processor, own -> program.start(own, stackPointer)));
        process.execution().trace(process, TraceEvent.EXEC, process.pid(), 0, path);
        return 0;
    }
}
