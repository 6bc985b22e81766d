// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.DeterministicMachine;
import java.util.concurrent.TimeUnit;
import kernel.core.execution.Point;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Decisions of a random schedule: two tasks on two processors that do nothing but offer points; one in four goes to the other one. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class SchedulePointBenchmark {
    private static final int POINTS = 100_000;

    private long seed;

    @Benchmark
    @OperationsPerInvocation(POINTS)
    public void simulated() {
        try (DeterministicMachine machine = new DeterministicMachine(seed++)) {
            for (int task = 0; task < 2; task++) {
                machine.add(self -> {
                    for (int i = 0; i < POINTS / 2; i++) {
                        self.cpu().point(Point.LOCK);
                    }
                });
            }
            machine.run();
        }
    }
}
