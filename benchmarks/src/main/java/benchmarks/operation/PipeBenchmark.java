// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostPipes;
import benchmarks.simulated.LiveKernel;
import java.util.concurrent.TimeUnit;
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
import userland.libc.Libc;
import userland.libc.Pipe;
import userland.libc.SystemCalls;

/**
 * A blocked wake-up: one byte through a pipe to somebody who sleeps in read. It goes there and back through two pipes, and each
 * way counts as one operation.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PipeBenchmark {
    private static final int ONE_WAYS = 10_000;

    /** On how many CPUs. */
    @State(Scope.Benchmark)
    public static class Place {
        /** With two, where the two run is the scheduler's choice. */
        @Param({"1", "2"})
        public int processors;
    }

    /** Two threads of this JVM: the host is spared a change of address space. */
    @State(Scope.Benchmark)
    public static class Host {
        private final HostPipes pipes = new HostPipes();

        /** On the thread of JMH that runs the benchmark. */
        @Setup
        public void start(Place place) {
            pipes.start(place.processors == 1);
        }

        @TearDown
        public void stop() throws InterruptedException {
            pipes.stop();
        }
    }

    /** A kernel for this benchmark; two processes. */
    @State(Scope.Benchmark)
    public static class Simulated {
        private LiveKernel kernel;

        @Setup
        public void boot(Place place) {
            kernel = new LiveKernel(place.processors);
        }

        @TearDown
        public void close() {
            kernel.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(ONE_WAYS)
    public void host(Host state) {
        for (int i = 0; i < ONE_WAYS / 2; i++) {
            state.pipes.roundTrip();
        }
    }

    @Benchmark
    @OperationsPerInvocation(ONE_WAYS)
    public void simulated(Simulated state) throws InterruptedException {
        state.kernel.run((libc, _) -> {
            Pipe there = libc.pipe2(0);
            Pipe back = libc.pipe2(0);
            int child = libc.processes().fork(own -> sendBack(own, there, back));
            SystemCalls calls = libc.raw();
            long buffer = libc.ioBuffer();
            for (int i = 0; i < ONE_WAYS / 2; i++) {
                if (calls.write(there.writeEnd(), buffer, 1) != 1 || calls.read(back.readEnd(), buffer, 1) != 1) {
                    return 1;
                }
            }
            libc.close(there.writeEnd());
            libc.processes().waitFor(child);
            return 0;
        });
    }

    private static int sendBack(Libc libc, Pipe there, Pipe back) {
        libc.close(there.writeEnd());
        SystemCalls calls = libc.raw();
        long buffer = libc.ioBuffer();
        while (calls.read(there.readEnd(), buffer, 1) == 1) {
            calls.write(back.writeEnd(), buffer, 1);
        }
        return 0;
    }
}
