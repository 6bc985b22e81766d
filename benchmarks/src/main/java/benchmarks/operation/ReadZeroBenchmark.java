// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostCalls;
import benchmarks.simulated.LiveKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import kernel.uapi.OpenFlags;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import userland.libc.SystemCalls;

/** A read of /dev/zero: descriptor, file, driver, and the bytes into user memory. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadZeroBenchmark {
    private static final int BATCH = 200_000;
    private static final String ZERO = "/dev/zero";

    /** How much is read at once. */
    @State(Scope.Benchmark)
    public static class Size {
        @Param({"1", "4096"})
        public int bytes;
    }

    /** The device of the host. */
    @State(Scope.Benchmark)
    public static class Host {
        private final MemorySegment buffer = Arena.global().allocate(4096, 4096);
        private final int zero = HostCalls.open(Arena.global().allocateFrom(ZERO), OpenFlags.O_RDONLY);

        @TearDown
        public void close() {
            HostCalls.close(zero);
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
    @OperationsPerInvocation(BATCH)
    public void host(Host state, Size size) {
        long read = 0;
        for (int i = 0; i < BATCH; i++) {
            read += HostCalls.read(state.zero, state.buffer, size.bytes);
        }
        check(read, size);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated(Simulated state, Size size) throws InterruptedException {
        state.kernel.run((libc, _) -> {
            SystemCalls calls = libc.raw();
            int zero = libc.open(ZERO, OpenFlags.O_RDONLY);
            long buffer = libc.ioBuffer();
            long read = 0;
            for (int i = 0; i < BATCH; i++) {
                read += calls.read(zero, buffer, size.bytes);
            }
            check(read, size);
            return 0;
        });
    }

    private static void check(long read, Size size) {
        if (read != (long) BATCH * size.bytes) {
            throw new IllegalStateException("only " + read + " bytes came");
        }
    }
}
