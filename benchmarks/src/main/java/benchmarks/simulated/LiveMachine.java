// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import hardware.machine.Machine;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kernel.core.execution.Execution;
import kernel.core.execution.Task;
import kernel.core.trace.Trace;

/** A machine and a scheduler in live mode without the rest of a kernel, tracing off. */
public final class LiveMachine implements AutoCloseable {
    private static final long MEMORY_BYTES = 16L << 20;
    private static final long BATCH_SECONDS_MAX = 30;

    private final Execution execution;

    public LiveMachine(int processorCount) {
        FailFast failFast = new FailFast();
        execution = Execution.live(
                timeline -> new Machine(processorCount, MEMORY_BYTES, true, timeline, 1),
                new Trace(),
                failFast,
                failFast,
                "bench");
    }

    public Execution execution() {
        return execution;
    }

    /** Runs each body as a kernel thread and waits for all of them; the caller sleeps on the host meanwhile. */
    @SafeVarargs
    public final void run(Consumer<Task>... bodies) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(bodies.length);
        for (Consumer<Task> body : bodies) {
            execution.startKernelThread("batch", self -> {
                body.accept(self);
                running.countDown();
            });
        }
        if (!running.await(BATCH_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the simulated kernel hangs: " + execution.tasks());
        }
    }

    @Override
    public void close() {
        execution.close();
    }
}
