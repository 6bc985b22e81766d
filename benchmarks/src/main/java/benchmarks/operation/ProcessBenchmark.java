// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostProcesses;
import benchmarks.simulated.LiveKernel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A process from fork over exit to its parent's wait, one after the other. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProcessBenchmark {
    private static final int HOST_PROCESSES = 100;
    private static final int SIMULATED_PROCESSES = 2_000;

    /** A small C program; forking this JVM would cost the host far more. */
    @State(Scope.Benchmark)
    public static class Host {
        private HostProcesses processes;

        @Setup
        public void start() throws IOException, InterruptedException {
            processes = HostProcesses.start();
        }

        @TearDown
        public void stop() throws IOException, InterruptedException {
            processes.stop();
        }
    }

    /** A kernel for this benchmark. */
    @State(Scope.Benchmark)
    public static class Simulated {
        private final LiveKernel kernel = new LiveKernel(2);

        @TearDown
        public void close() {
            kernel.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(HOST_PROCESSES)
    public void host(Host state) throws IOException {
        state.processes.createAndReap(HOST_PROCESSES);
    }

    @Benchmark
    @OperationsPerInvocation(SIMULATED_PROCESSES)
    public void simulated(Simulated state) throws InterruptedException {
        state.kernel.run((libc, _) -> {
            for (int i = 0; i < SIMULATED_PROCESSES; i++) {
                int child = libc.processes().fork(_ -> 0);
                libc.processes().waitFor(child);
            }
            return 0;
        });
    }
}
