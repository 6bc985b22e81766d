// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.simulated.LiveMachine;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kernel.api.wait.WaitQueue;
import kernel.core.execution.Gone;
import kernel.core.execution.Task;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Two tasks that wake each other by a wait queue in turn: one wake-up, one sleep, one switch each time. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ContextSwitchBenchmark {
    private static final int SWITCHES = 20_000;

    /** With one, a wake-up means a switch there; with two, the other processor takes the woken task. */
    @Param({"1", "2"})
    public int processors;

    private LiveMachine machine;
    private WaitQueue queue;
    private volatile int turn;

    @Setup
    public void boot() {
        machine = new LiveMachine(processors);
        queue = machine.execution().newWaitQueue("bench", Gone.NEVER);
    }

    @TearDown
    public void close() {
        machine.close();
    }

    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void simulated() throws InterruptedException {
        machine.run(player(0), player(1));
    }

    private Consumer<Task> player(int me) {
        return self -> {
            for (int i = 0; i < SWITCHES / 2; i++) {
                queue.waitEvent(self, () -> turn == me);
                turn = 1 - me;
                queue.wakeUp(self);
            }
        };
    }
}
