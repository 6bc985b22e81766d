// SPDX-License-Identifier: Apache-2.0
package benchmarks.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Two threads of the host and two pipes: what one writes the other sends back. */
public final class HostPipes {
    /** Bits for 1024 CPUs, as glibc has them. */
    private static final int MASK_LONGS = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment mine = arena.allocate(1);
    private final int[] there = pipe();
    private final int[] back = pipe();
    private final Thread echo = Thread.ofPlatform().daemon().name("echo").unstarted(this::sendBack);

    /**
     * Starts the other thread. A new thread may run where the one that makes it may.
     *
     * @param onOneCpu whether both are kept on the CPU that the caller is on; otherwise where they run is the host's choice
     */
    public void start(boolean onOneCpu) {
        if (onOneCpu) {
            MemorySegment mask = arena.allocate(ValueLayout.JAVA_LONG, MASK_LONGS);
            int cpu = HostCalls.currentCpu();
            mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << cpu % Long.SIZE);
            if (HostCalls.setAffinity(mask) != 0) {
                throw new IllegalStateException("the host does not keep a thread on CPU " + cpu);
            }
        }
        echo.start();
    }

    /** One byte there and back: each thread blocks once and is woken once. */
    public void roundTrip() {
        if (HostCalls.writeMayBlock(there[1], mine, 1) != 1 || HostCalls.readMayBlock(back[0], mine, 1) != 1) {
            throw new IllegalStateException("a pipe of the host broke");
        }
    }

    private void sendBack() {
        try (Arena own = Arena.ofConfined()) {
            MemorySegment buffer = own.allocate(1);
            while (HostCalls.readMayBlock(there[0], buffer, 1) == 1) {
                HostCalls.writeMayBlock(back[1], buffer, 1);
            }
        }
    }

    /** Ends the other thread, for it reads the end of the file. */
    public void stop() throws InterruptedException {
        HostCalls.close(there[1]);
        echo.join();
        HostCalls.close(there[0]);
        HostCalls.close(back[0]);
        HostCalls.close(back[1]);
        arena.close();
    }

    private int[] pipe() {
        MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
        if (HostCalls.pipe(ends) != 0) {
            throw new IllegalStateException("the host gives no pipe");
        }
        return ends.toArray(ValueLayout.JAVA_INT);
    }
}
