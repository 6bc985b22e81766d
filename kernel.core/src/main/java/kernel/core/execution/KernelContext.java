// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import kernel.api.context.Context;

/** Every context that the kernel hands out: it knows the processor that it runs on. */
public abstract class KernelContext implements Context {
    /** Changes only for a task, and only while it is not running. */
    volatile Cpu cpu;

    KernelContext(Cpu cpu) {
        this.cpu = cpu;
    }

    /** The processor behind any context. */
    static Cpu cpuOf(Context context) {
        return ((KernelContext) context).cpu;
    }

    /** The processor this code runs on. */
    public final Cpu cpu() {
        return cpu;
    }

    @Override
    public final int processor() {
        return cpu.id();
    }

    @Override
    public final int currentPid() {
        return cpu.current().pid();
    }

    @Override
    public final String currentName() {
        return cpu.current().name();
    }

    @Override
    public final long nanoTime() {
        return cpu.execution().now();
    }
}
