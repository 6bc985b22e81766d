// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostCalls;
import benchmarks.simulated.LiveKernel;
import java.util.concurrent.TimeUnit;
import kernel.uapi.SystemCallNumber;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import userland.libc.SystemCalls;

/** The system call that does nothing: getppid, from user mode and back. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NullSystemCallBenchmark {
    private static final int BATCH = 200_000;

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
    @OperationsPerInvocation(BATCH)
    public int host() {
        int parents = 0;
        for (int i = 0; i < BATCH; i++) {
            parents |= HostCalls.getppid();
        }
        return parents;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated(Simulated state) throws InterruptedException {
        state.kernel.run((libc, _) -> {
            SystemCalls calls = libc.raw();
            long parents = 0;
            for (int i = 0; i < BATCH; i++) {
                parents |= calls.call(SystemCallNumber.GETPPID);
            }
            return parents < 0 ? 1 : 0;
        });
    }
}
