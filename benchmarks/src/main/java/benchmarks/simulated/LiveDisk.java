// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import drivers.ssd.SsdDriver;
import hardware.machine.bus.BusDevice;
import hardware.ssd.SsdFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import kernel.core.Kernel;
import kernel.core.execution.Task;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import kernel.uapi.OpenFlags;
import userland.libc.Program;

/** A whole kernel in live mode with a solid state disk that takes no time of its own: {@value #NODE}. */
public final class LiveDisk implements AutoCloseable {
    /** The disk, all of which has been written. */
    public static final String NODE = "/dev/ssd0";

    private static final int PIECE_BYTES = 1 << 20;

    private final LiveKernel kernel;

    /** @param megabytes the capacity in units of 2^20 bytes */
    public LiveDisk(int processorCount, int megabytes) {
        kernel = new LiveKernel(processorCount);
        Kernel core = kernel.kernel();
        ModuleInfo info = new ModuleInfo("ssd", "ssd.jar", 0, "", "Apache-2.0", List.of(), List.of(), List.of());
        LoadedModule module = core.modules().add(info, Map.of());
        core.modules().live(module);
        BusDevice device = core.machine()
                .bus()
                .attach(new SsdFactory().create(Map.of("profile", "zero", "capacity", megabytes + "M")));
        core.call(
                "insmod",
                context -> core.devices()
                        .bind(
                                device,
                                module,
                                "ssd",
                                (Task) context,
                                bound -> DriverProbe.probe(SsdDriver.class, bound)));
    }

    /** Reads all of it into the page cache, where it stays as long as somebody has the disk open, who is started here. */
    public void fillCache() throws InterruptedException {
        CountDownLatch filled = new CountDownLatch(1);
        kernel.start((libc, _) -> {
            int fd = libc.open(NODE, OpenFlags.O_RDONLY);
            long buffer = libc.mmap(PIECE_BYTES);
            while (libc.raw().read(fd, buffer, PIECE_BYTES) > 0) {
                // On to the end.
            }
            filled.countDown();
            libc.clock().sleep(Long.MAX_VALUE);
            return 0;
        });
        filled.await();
    }

    /** Runs a program as a process to its end; the caller sleeps on the host meanwhile. */
    public void run(Program program) throws InterruptedException {
        kernel.run(program);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
