// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostCalls;
import benchmarks.simulated.LiveKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import kernel.uapi.OpenFlags;
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

/** Opening /dev/null and closing it: the walk along a path, a file, a descriptor, and all of it back. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OpenCloseBenchmark {
    private static final int BATCH = 50_000;
    private static final String NULL = "/dev/null";

    /** The path in the host's memory. */
    @State(Scope.Benchmark)
    public static class Host {
        private final MemorySegment path = Arena.global().allocateFrom(NULL);
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
    @OperationsPerInvocation(BATCH)
    public void host(Host state) {
        for (int i = 0; i < BATCH; i++) {
            int fd = HostCalls.open(state.path, OpenFlags.O_RDONLY);
            if (fd < 0 || HostCalls.close(fd) != 0) {
                throw new IllegalStateException("the host does not open " + NULL);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated(Simulated state) throws InterruptedException {
        state.kernel.run((libc, _) -> {
            SystemCalls calls = libc.raw();
            try (var arena = libc.arena()) {
                long path = arena.string(NULL);
                for (int i = 0; i < BATCH; i++) {
                    long fd = calls.call(SystemCallNumber.OPENAT, OpenFlags.AT_FDCWD, path, OpenFlags.O_RDONLY, 0);
                    if (fd < 0 || calls.close((int) fd) != 0) {
                        return 1;
                    }
                }
            }
            return 0;
        });
    }
}
