// SPDX-License-Identifier: Apache-2.0
package benchmarks.operation;

import benchmarks.host.HostCalls;
import benchmarks.host.LoopDevice;
import benchmarks.simulated.LiveDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;
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

/** Many direct reads of a disk in flight at once, by one process: io_submit, and io_getevents for what is there. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DiskQueueBenchmark {
    private static final int BATCH = 20_000;
    private static final int MEGABYTES = 64;
    private static final int MULTIPLIER = 0x9e37_79b1;
    private static final int HOST_O_DIRECT = 0x4000;
    /** The layout of struct iocb and struct io_event in Linux's include/uapi/linux/aio_abi.h. */
    private static final int IOCB_BYTES = 64;

    private static final int IOCB_FILE = 20;
    private static final int IOCB_BUFFER = 24;
    private static final int IOCB_LENGTH = 32;
    private static final int IOCB_OFFSET = 40;
    private static final int EVENT_BYTES = 32;
    private static final int EVENT_RESULT = 16;

    /** How much at once. */
    @State(Scope.Benchmark)
    public static class Shape {
        @Param({"32"})
        public int depth;

        @Param({"4096"})
        public int bytes;

        /** A place that looks random. */
        long place(int i) {
            int places = MEGABYTES * (1 << 20) / bytes;
            return (long) ((i * MULTIPLIER) & (places - 1)) * bytes;
        }

        /** Bytes for what is shared with the kernel besides the buffers: iocbs, pointers to them, events, the context. */
        long controlBytes() {
            return (long) depth * (IOCB_BYTES + Long.BYTES + EVENT_BYTES) + Long.BYTES;
        }

        long pointers() {
            return (long) depth * IOCB_BYTES;
        }

        long events() {
            return (long) depth * (IOCB_BYTES + Long.BYTES);
        }

        long context() {
            return (long) depth * (IOCB_BYTES + Long.BYTES + EVENT_BYTES);
        }
    }

    /** A loop device of the host on a file in memory. */
    @State(Scope.Benchmark)
    public static class Host {
        private LoopDevice device;
        private int fd;
        private MemorySegment control;
        private MemorySegment buffers;
        private long context;

        @Setup
        public void open(Shape shape) throws IOException {
            device = new LoopDevice(MEGABYTES);
            fd = HostCalls.open(Arena.global().allocateFrom(device.path()), OpenFlags.O_RDONLY | HOST_O_DIRECT);
            control = Arena.global().allocate(shape.controlBytes(), Long.BYTES);
            buffers = Arena.global().allocate((long) shape.depth * shape.bytes, 4096);
            check(HostCalls.call(SystemCallNumber.IO_SETUP, shape.depth, control.address() + shape.context(), 0, 0, 0));
            context = control.get(ValueLayout.JAVA_LONG, shape.context());
            for (int i = 0; i < shape.depth; i++) {
                long iocb = (long) i * IOCB_BYTES;
                control.set(ValueLayout.JAVA_LONG, iocb, i);
                control.set(ValueLayout.JAVA_INT, iocb + IOCB_FILE, fd);
                control.set(ValueLayout.JAVA_LONG, iocb + IOCB_BUFFER, buffers.address() + (long) i * shape.bytes);
                control.set(ValueLayout.JAVA_LONG, iocb + IOCB_LENGTH, shape.bytes);
            }
        }

        @TearDown
        public void close() throws IOException {
            HostCalls.call(SystemCallNumber.IO_DESTROY, context, 0, 0, 0, 0);
            HostCalls.close(fd);
            device.close();
        }
    }

    /** A kernel and a disk for this benchmark. */
    @State(Scope.Benchmark)
    public static class Simulated {
        private final LiveDisk disk = new LiveDisk(2, MEGABYTES);

        @TearDown
        public void close() {
            disk.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void host(Host state, Shape shape) {
        MemorySegment control = state.control;
        int submitted = 0;
        int ready = shape.depth;
        for (int i = 0; i < ready; i++) {
            control.set(ValueLayout.JAVA_LONG, shape.events() + (long) i * EVENT_BYTES, i);
        }
        for (int left = BATCH; left > 0; left -= ready) {
            int more = Math.min(ready, BATCH - submitted);
            for (int i = 0; i < more; i++) {
                long iocb = control.get(ValueLayout.JAVA_LONG, shape.events() + (long) i * EVENT_BYTES) * IOCB_BYTES;
                control.set(ValueLayout.JAVA_LONG, iocb + IOCB_OFFSET, shape.place(submitted++));
                control.set(ValueLayout.JAVA_LONG, shape.pointers() + (long) i * Long.BYTES, control.address() + iocb);
            }
            if (more > 0) {
                check(HostCalls.call(
                                SystemCallNumber.IO_SUBMIT,
                                state.context,
                                more,
                                control.address() + shape.pointers(),
                                0,
                                0)
                        - more);
            }
            ready = (int) HostCalls.call(
                    SystemCallNumber.IO_GETEVENTS,
                    state.context,
                    1,
                    shape.depth,
                    control.address() + shape.events(),
                    0);
            for (int i = 0; i < ready; i++) {
                check(control.get(ValueLayout.JAVA_LONG, shape.events() + (long) i * EVENT_BYTES + EVENT_RESULT)
                        - shape.bytes);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void simulated(Simulated state, Shape shape) throws InterruptedException {
        state.disk.run((libc, _) -> {
            int fd = libc.open(LiveDisk.NODE, OpenFlags.O_RDONLY | OpenFlags.O_DIRECT);
            long control = libc.mmap(shape.controlBytes());
            long buffers = libc.mmap((long) shape.depth * shape.bytes);
            UserProcessor memory = libc.processor();
            SystemCalls calls = libc.raw();
            check(calls.call(SystemCallNumber.IO_SETUP, shape.depth, control + shape.context()));
            for (int i = 0; i < shape.depth; i++) {
                long iocb = control + (long) i * IOCB_BYTES;
                memory.storeLong(iocb, i);
                memory.storeInt(iocb + IOCB_FILE, fd);
                memory.storeLong(iocb + IOCB_BUFFER, buffers + (long) i * shape.bytes);
                memory.storeLong(iocb + IOCB_LENGTH, shape.bytes);
                memory.storeLong(control + shape.events() + (long) i * EVENT_BYTES, i);
            }
            keepBusy(calls, memory, control, shape);
            return 0;
        });
    }

    private static void keepBusy(SystemCalls calls, UserProcessor memory, long control, Shape shape) {
        long context = memory.loadLong(control + shape.context());
        long events = control + shape.events();
        int submitted = 0;
        int ready = shape.depth;
        for (int left = BATCH; left > 0; left -= ready) {
            int more = Math.min(ready, BATCH - submitted);
            for (int i = 0; i < more; i++) {
                long iocb = control + memory.loadLong(events + (long) i * EVENT_BYTES) * IOCB_BYTES;
                memory.storeLong(iocb + IOCB_OFFSET, shape.place(submitted++));
                memory.storeLong(control + shape.pointers() + (long) i * Long.BYTES, iocb);
            }
            if (more > 0) {
                check(calls.call(SystemCallNumber.IO_SUBMIT, context, more, control + shape.pointers()) - more);
            }
            ready = (int) calls.call(SystemCallNumber.IO_GETEVENTS, context, 1, shape.depth, events, 0, 0);
            for (int i = 0; i < ready; i++) {
                check(memory.loadLong(events + (long) i * EVENT_BYTES + EVENT_RESULT) - shape.bytes);
            }
        }
    }

    private static void check(long difference) {
        if (difference != 0) {
            throw new IllegalStateException("the transfer went wrong: " + difference);
        }
    }
}
