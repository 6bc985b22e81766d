// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.DeterministicMachine;
import java.util.concurrent.TimeUnit;
import kernel.api.lock.SpinLock;
import kernel.api.wait.WaitQueue;
import kernel.core.execution.Gone;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How many schedules a second a test explores, kernel left out: a fresh machine with three tasks that share a lock, each with another seed. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class ThreeTaskScheduleBenchmark {
    private static final int TASKS = 3;
    private static final int ROUNDS = 6;

    private long seed;
    private int shared;

    @Benchmark
    public void simulated() {
        shared = 0;
        try (DeterministicMachine machine = new DeterministicMachine(seed++)) {
            SpinLock lock = machine.execution().newSpinLock("bench");
            WaitQueue queue = machine.execution().newWaitQueue("bench", Gone.NEVER);
            for (int task = 0; task < TASKS; task++) {
                machine.add(self -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        lock.lock(self);
                        shared++;
                        lock.unlock(self);
                        queue.wakeUp(self);
                        self.yieldProcessor();
                    }
                });
            }
            machine.run();
        }
        if (shared != TASKS * ROUNDS) {
            throw new IllegalStateException("seed " + (seed - 1) + " lost an update: " + shared);
        }
    }
}
