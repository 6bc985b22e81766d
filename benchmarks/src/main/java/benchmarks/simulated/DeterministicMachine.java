// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import hardware.machine.Machine;
import java.util.function.Consumer;
import kernel.core.execution.Execution;
import kernel.core.execution.Task;
import kernel.core.schedule.ExploringSchedule;
import kernel.core.trace.Trace;

/** A machine with two processors whose every step a random schedule chooses, without the rest of a kernel, tracing off. */
public final class DeterministicMachine implements AutoCloseable {
    private static final long MEMORY_BYTES = 1L << 20;

    private final Execution execution;

    public DeterministicMachine(long seed) {
        FailFast failFast = new FailFast();
        execution = Execution.deterministic(
                timeline -> new Machine(2, MEMORY_BYTES, true, timeline, seed),
                new Trace(),
                failFast,
                failFast,
                new ExploringSchedule(seed));
    }

    public Execution execution() {
        return execution;
    }

    /** Adds a kernel thread; it runs when the machine does. */
    public void add(Consumer<Task> body) {
        execution.startKernelThread("bench", body);
    }

    /** Runs until nothing can move any more. */
    public void run() {
        execution.deterministicConductor().run(() -> false, Long.MAX_VALUE);
    }

    @Override
    public void close() {
        execution.close();
    }
}
