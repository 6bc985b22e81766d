// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostCalls;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What of the host's figures is the crossing from Java to C and not the host kernel. Nothing is subtracted anywhere; this is for judging. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EmptyDowncallBenchmark {
    private static final int BATCH = 500_000;

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int host() {
        int sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += HostCalls.abs(-i);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int hostMayBlock() {
        int sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += HostCalls.absMayBlock(-i);
        }
        return sum;
    }
}
