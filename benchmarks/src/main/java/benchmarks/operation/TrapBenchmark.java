// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.LiveMachine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Into the kernel and out again, with nothing done there: claim the processor from user mode, two points, give it back. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class TrapBenchmark {
    private static final int BATCH = 500_000;

    private final LiveMachine machine = new LiveMachine(2);

    @TearDown
    public void close() {
        machine.close();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated() throws InterruptedException {
        machine.run(self -> {
            self.leaveKernel();
            for (int i = 0; i < BATCH; i++) {
                self.enterKernel();
                self.leaveKernel();
            }
            self.enterKernel();
        });
    }
}
