// SPDX-License-Identifier: Apache-2.0
package kernel.api.module;

import java.util.function.Consumer;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.DelayedWork;
import kernel.api.interrupt.KernelTimer;
import kernel.api.interrupt.Tasklet;
import kernel.api.interrupt.Work;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.api.thread.KernelThread;
import kernel.api.wait.Completion;
import kernel.api.wait.WaitQueue;

/**
 * What the kernel gives to a module. Everything acquired here belongs to the module and is released with it, in reverse
 * order, so that nothing can be forgotten (Linux: the devm_ functions).
 *
 * <p>Names are for messages, lock reports and traces.
 */
public interface ModuleServices {
    /** The name of the module. */
    String moduleName();

    /**
     * The process context in which the module is being initialised: that of insmod, modprobe or a hot-plug worker.
     *
     * @throws IllegalStateException once initialisation is over
     */
    ProcessContext initContext();

    SpinLock spinLock(String name);

    Mutex mutex(String name);

    WaitQueue waitQueue(String name);

    Tasklet tasklet(String name, Tasklet.Function function);

    /** A work item for the shared work queue. */
    Work work(String name, Work.Function function);

    /** As {@link #work}, after a while. */
    DelayedWork delayedWork(String name, Work.Function function);

    KernelTimer timer(String name, KernelTimer.Function function);

    Completion completion(String name);

    /** Starts a kernel thread; it is stopped and waited for with the module. */
    KernelThread thread(String name, KernelThread.Function function);

    /**
     * Allocates kernel memory, not cleared.
     *
     * @param sizeBytes 1 to 4 MiB
     * @return null when there is none (ENOMEM)
     */
    KernelMemory allocate(long sizeBytes, Gfp flags);

    /** Frees early what would otherwise be freed with the module (Linux: devm_kfree). */
    void free(KernelMemory memory);

    /**
     * Has something done when the driver goes, in its turn among what it acquired, before all that it acquired earlier (Linux: devm_add_action). A driver
     * of a device that reaches memory by itself stops the device here; where the device has gone its registers read as all ones.
     */
    void onRelease(Consumer<ProcessContext> action);

    KernelLog log();
}
