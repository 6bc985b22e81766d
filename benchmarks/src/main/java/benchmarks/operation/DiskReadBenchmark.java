// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostCalls;
import benchmarks.host.LoopDevice;
import benchmarks.simulated.LiveDisk;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import userland.libc.SystemCalls;

/** Reads of a disk at random places, one after the other: past the page cache, or out of it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DiskReadBenchmark {
    private static final int BATCH = 10_000;
    private static final int MEGABYTES = 64;
    private static final int PAGE = 4096;
    private static final int PAGES = MEGABYTES * (1 << 20) / PAGE;
    private static final int MULTIPLIER = 0x9e37_79b1;
    private static final int HOST_O_DIRECT = 0x4000;

    /** Whether past the cache. */
    @State(Scope.Benchmark)
    public static class Way {
        @Param({"direct", "cached"})
        public String way;

        boolean isDirect() {
            return way.equals("direct");
        }
    }

    /** A loop device of the host on a file in memory. */
    @State(Scope.Benchmark)
    public static class Host {
        private final MemorySegment buffer = Arena.global().allocate(PAGE, PAGE);
        private LoopDevice device;
        private int holder;

        /** What is cached stays so as long as somebody has the device open. */
        @Setup
        public void open(Way way) throws IOException {
            device = new LoopDevice(MEGABYTES);
            holder = HostCalls.open(Arena.global().allocateFrom(device.path()), OpenFlags.O_RDONLY);
            for (int i = 0; i < PAGES && !way.isDirect(); i++) {
                HostCalls.pread(holder, buffer, PAGE, place(i));
            }
        }

        @TearDown
        public void close() throws IOException {
            HostCalls.close(holder);
            device.close();
        }
    }

    /** A kernel and a disk for this benchmark. */
    @State(Scope.Benchmark)
    public static class Simulated {
        private final LiveDisk disk = new LiveDisk(2, MEGABYTES);

        @Setup
        public void fill(Way way) throws InterruptedException {
            if (!way.isDirect()) {
                disk.fillCache();
            }
        }

        @TearDown
        public void close() {
            disk.close();
        }
    }

    /** A place that looks random, each once before any comes again. */
    private static long place(int i) {
        return (long) (i * MULTIPLIER & PAGES - 1) * PAGE;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void host(Host state, Way way) {
        int fd = HostCalls.open(
                Arena.global().allocateFrom(state.device.path()),
                OpenFlags.O_RDONLY | (way.isDirect() ? HOST_O_DIRECT : 0));
        long read = 0;
        for (int i = 0; i < BATCH; i++) {
            read += HostCalls.pread(fd, state.buffer, PAGE, place(i));
        }
        HostCalls.close(fd);
        check(read);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated(Simulated state, Way way) throws InterruptedException {
        state.disk.run((libc, _) -> {
            SystemCalls calls = libc.raw();
            int fd = libc.open(LiveDisk.NODE, OpenFlags.O_RDONLY | (way.isDirect() ? OpenFlags.O_DIRECT : 0));
            long buffer = libc.mmap(PAGE);
            long read = 0;
            for (int i = 0; i < BATCH; i++) {
                read += calls.call(SystemCallNumber.PREAD64, fd, buffer, PAGE, place(i));
            }
            check(read);
            return 0;
        });
    }

    private static void check(long read) {
        if (read != (long) BATCH * PAGE) {
            throw new IllegalStateException("only " + read + " bytes came");
        }
    }
}
