// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kernel.api.context.ProcessContext;
import kernel.core.log.LogLevel;
import kernel.core.process.Proc;
import kernel.core.process.ProcessTable;
import kernel.uapi.Signal;

/**
 * Brings a machine to rest before it is switched off: processes end, file systems write what they have, drivers put their devices down (what init does
 * on Linux, and kernel/reboot.c with device_shutdown). Without it, switching off is a power cut.
 */
final class PowerOff {
    /** How long processes have to end; one in a loop without a system call never does. */
    private static final long PATIENCE_NANOS = 2_000_000_000;

    private static final long LOOK_NANOS = 1_000_000;

    private final Kernel kernel;
    private final ProcessTable processes;
    private final List<Consumer<ProcessContext>> steps = new CopyOnWriteArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    PowerOff(Kernel kernel, ProcessTable processes) {
        this.kernel = kernel;
        this.processes = processes;
    }

    /** Adds a step; the newest comes first. */
    void add(Consumer<ProcessContext> step) {
        steps.addFirst(step);
    }

    /** Once; a second time does nothing. */
    void run(ProcessContext context) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        endProcesses(context);
        steps.forEach(step -> step.accept(context));
    }

    private void endProcesses(ProcessContext context) {
        for (Proc process : others(context)) {
            processes.signal(process, Signal.SIGKILL);
        }
        List<Proc> left = others(context);
        for (long waited = 0; !left.isEmpty() && waited < PATIENCE_NANOS; waited += LOOK_NANOS) {
            context.sleep(LOOK_NANOS);
            left = others(context);
        }
        for (Proc process : left) {
            kernel.log()
                    .print(
                            LogLevel.WARNING,
                            "reboot: " + process.name() + "[" + process.pid() + "] does not end; left behind");
        }
    }

    private List<Proc> others(ProcessContext context) {
        return processes.processes().stream()
                .filter(process -> process != context && !process.isZombie())
                .toList();
    }
}
