// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.LiveMachine;
import java.util.concurrent.TimeUnit;
import kernel.api.lock.SpinLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A spin lock that nobody else wants: preemption off, compare-and-set, and all of it back, two points included. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SpinLockBenchmark {
    private static final int BATCH = 500_000;

    private final LiveMachine machine = new LiveMachine(2);
    private final SpinLock lock = machine.execution().newSpinLock("bench");

    @TearDown
    public void close() {
        machine.close();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated() throws InterruptedException {
        machine.run(self -> {
            for (int i = 0; i < BATCH; i++) {
                lock.lock(self);
                lock.unlock(self);
            }
        });
    }
}
