// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/** What somebody outside of the machine holds of a process that he started. Thread-safe. */
public final class SpawnedProcess {
    private final int pid;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    SpawnedProcess(int pid) {
        this.pid = pid;
    }

    public int pid() {
        return pid;
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return !status.isDone();
    }

    /**
     * How it ended, as wait(2) would say: the exit code times 256, or the number of the signal that killed it.
     *
     * @throws IllegalStateException it has not ended
     */
    public int waitStatus() {
        Integer ended = status.getNow(null);
        if (ended == null) {
            throw new IllegalStateException("process " + pid + " has not ended");
        }
        return ended;
    }

    /**
     * How it ended, as a shell would say: the exit code, or 128 plus the number of the signal that killed it.
     *
     * @throws IllegalStateException it has not ended
     */
    public int exitStatus() {
        int ended = waitStatus();
        return (ended & 0x7f) == 0 ? ended >> 8 & 0xff : 128 + (ended & 0x7f);
    }

    /** Told the {@link #waitStatus} when it ends, at once if it has; on a thread of the kernel, so it must be quick and not wait. */
    public void onExit(IntConsumer listener) {
        status.thenAccept(listener::accept);
    }

    /** In live mode: waits until it has ended, or the kernel has been closed; answers {@link #exitStatus}. */
    public int waitFor() {
        status.join();
        return exitStatus();
    }

    void ended(int waitStatus) {
        status.complete(waitStatus);
    }
}
