// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import java.util.concurrent.TimeUnit;
import kernel.core.Kernel;
import kernel.core.KernelConfig;
import kernel.vfs.VirtualFileSystem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What each test begins with: a kernel booted with its file systems, and ended again. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class BootBenchmark {
    private long seed;

    @Benchmark
    public long simulated() {
        try (Kernel kernel = new Kernel(KernelConfig.deterministic(seed++))) {
            VirtualFileSystem.mountRoot(kernel);
            return kernel.taint().mask();
        }
    }
}
