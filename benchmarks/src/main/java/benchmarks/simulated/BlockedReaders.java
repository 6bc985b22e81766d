// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.KernelConfig;
import kernel.core.execution.Task;
import kernel.core.process.SpawnedProcess;
import userland.libc.Libc;
import userland.libc.Pipe;

/**
 * As many processes as asked for, all blocked in read at once on a pipe that nobody writes to; then the pipe is closed, and all must go. Run in
 * a JVM of its own with a limited heap. Prints how many were blocked and what the heap held meanwhile.
 */
public final class BlockedReaders {
    private static final long MEMORY_BYTES = 64L << 30;
    private static final long SECONDS_MAX = 120;
    private static final long POLL_NANOS = 20_000_000;

    private final LiveKernel kernel;
    private final int count;
    private final AtomicInteger forked = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);

    private BlockedReaders(LiveKernel kernel, int count) {
        this.kernel = kernel;
        this.count = count;
    }

    /** Takes the number of processes. */
    public static void main(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        KernelConfig config = KernelConfig.live().withName("bench").withMemoryBytes(MEMORY_BYTES);
        try (LiveKernel kernel = new LiveKernel(config)) {
            new BlockedReaders(kernel, count).run();
        }
    }

    private void run() throws InterruptedException {
        long empty = usedHeapBytes();
        CountDownLatch ended = new CountDownLatch(1);
        SpawnedProcess parent = kernel.start((libc, _) -> parent(libc));
        parent.onExit(_ -> ended.countDown());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        long blocked = blocked();
        while (blocked < count && ended.getCount() > 0 && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(POLL_NANOS);
            blocked = blocked();
        }
        long used = usedHeapBytes();
        release.countDown();
        if (!ended.await(SECONDS_MAX, TimeUnit.SECONDS) || parent.exitCode() != 0) {
            throw new IllegalStateException(blocked + " were blocked, and not all of them ended: "
                    + kernel.kernel().log().text());
        }
        System.out.println("blocked " + blocked);
        System.out.println("heap-bytes " + used);
        System.out.println("heap-bytes-each " + (double) (used - empty) / blocked);
    }

    private int parent(Libc libc) {
        Pipe pipe = libc.pipe2(0);
        // The children read into the same addresses, and none of them gets a page of its own before there is something
        // to read.
        libc.ioBuffer();
        for (int i = 0; i < count; i++) {
            libc.processes().fork(own -> child(own, pipe));
            forked.incrementAndGet();
        }
        while (release.getCount() > 0) {
            libc.clock().sleep(POLL_NANOS);
        }
        libc.close(pipe.writeEnd());
        int failed = 0;
        for (int i = 0; i < count; i++) {
            failed += libc.processes().wait4(-1, 0).exited() ? 0 : 1;
        }
        return Math.min(failed, 1);
    }

    private static int child(Libc libc, Pipe pipe) {
        libc.close(pipe.writeEnd());
        return libc.read(pipe.readEnd(), libc.ioBuffer(), 1);
    }

    /** The children that sleep; the parent sleeps too now and then, but only after the last one was made. */
    private long blocked() {
        if (forked.get() < count) {
            return 0;
        }
        return kernel.kernel().execution().tasks().stream()
                .filter(task ->
                        task.state() == Task.INTERRUPTIBLE && !task.waitingFor().equals("nanosleep"))
                .count();
    }

    private static long usedHeapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
