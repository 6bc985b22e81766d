// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/** What somebody outside of the machine holds of a process that he started. Thread-safe. */
public final class SpawnedProcess {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int KILLED = 128;

    private final int pid;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final List<IntConsumer> listeners = new ArrayList<>();
    private SpawnRequest request;

    SpawnedProcess(int pid, SpawnRequest request) {
        this.pid = pid;
        this.request = request;
    }

    /** In the process itself. */
    SpawnRequest takeRequest() {
        SpawnRequest mine = request;
        request = null;
        return mine;
    }

    public int pid() {
        return pid;
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return !status.isDone();
    }

    /**
     * How it ended, as wait(2) says it: the exit code times 256, or the number of the signal that killed it.
     *
     * @throws IllegalStateException it has not ended
     */
    public int exitStatus() {
        Integer ended = status.getNow(null);
        if (ended == null) {
            throw new IllegalStateException("process " + pid + " has not ended");
        }
        return ended;
    }

    /**
     * How it ended, as a shell says it: the exit code, or 128 plus the number of the signal that killed it.
     *
     * @throws IllegalStateException it has not ended
     */
    public int exitCode() {
        int ended = exitStatus();
        return (ended & SIGNAL_MASK) == 0 ? ended >> Byte.SIZE & 0xff : KILLED + (ended & SIGNAL_MASK);
    }

    /** Told the {@link #exitStatus} when it ends, at once if it has; on a thread of the kernel, so it must be quick and not wait. */
    public void onExit(IntConsumer listener) {
        synchronized (listeners) {
            if (isAlive()) {
                listeners.add(listener);
                return;
            }
        }
        listener.accept(exitStatus());
    }

    /** In live mode: waits until it has ended; answers {@link #exitStatus}. */
    public int waitFor() {
        return status.join();
    }

    void ended(int waitStatus) {
        List<IntConsumer> told;
        synchronized (listeners) {
            status.complete(waitStatus);
            told = List.copyOf(listeners);
        }
        told.forEach(listener -> listener.accept(waitStatus));
    }
}
