// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kernel.core.Kernel;
import kernel.core.KernelConfig;
import kernel.core.process.SpawnedProcess;
import kernel.vfs.VirtualFileSystem;
import userland.libc.Crt;
import userland.libc.Program;

/** A whole kernel in live mode, checkers and tracing off, whose processes run batches of system calls. */
public final class LiveKernel implements AutoCloseable {
    private static final long BATCH_SECONDS_MAX = 30;

    private final Kernel kernel;

    public LiveKernel(int processorCount) {
        this(KernelConfig.live().withName("bench").withCpus(processorCount));
    }

    LiveKernel(KernelConfig config) {
        kernel = new Kernel(config);
        VirtualFileSystem.mountRoot(kernel);
    }

    Kernel kernel() {
        return kernel;
    }

    /** Runs a program as a process to its end; the caller sleeps on the host meanwhile. */
    public void run(Program program) throws InterruptedException {
        SpawnedProcess process = start(program);
        CountDownLatch running = new CountDownLatch(1);
        process.onExit(_ -> running.countDown());
        if (!running.await(BATCH_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "the simulated kernel hangs: " + kernel.execution().tasks() + "\n" + log());
        }
        if (process.exitCode() != 0 || kernel.taint().mask() != 0) {
            throw new IllegalStateException("the process ended with " + process.exitCode() + "\n" + log());
        }
    }

    SpawnedProcess start(Program program) {
        return kernel.spawn(new Crt(() -> program), new String[] {"bench"}, new String[0]);
    }

    private String log() {
        return kernel.log().text();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
