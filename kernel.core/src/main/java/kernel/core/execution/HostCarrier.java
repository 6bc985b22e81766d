// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/** The host thread of one simulated processor: mounts whichever task owns it. */
final class HostCarrier implements Executor {
    /** How long it looks for work before it parks, in nanoseconds. */
    private static final long SPIN_NANOS = 20_000;
    /** Programs recurse on it, and the kernel runs on top of them; only what is used costs anything. */
    private static final long STACK_BYTES = 32L << 20;

    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean stopped;
    private boolean yieldWanted;

    HostCarrier(String name) {
        thread = new Thread(null, this::work, name, STACK_BYTES);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    /**
     * The task that runs here waits for one on another carrier, and is about to yield: so does the carrier then, for the host may have taken
     * the other's processor away. Called by the task.
     */
    void yieldToHost() {
        yieldWanted = true;
    }

    /** Ends the thread once it has nothing to do. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void execute(Runnable continuation) {
        ready.add(continuation);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void work() {
        while (!stopped || !ready.isEmpty()) {
            Runnable next = ready.poll();
            if (next != null) {
                next.run();
                if (yieldWanted) {
                    yieldWanted = false;
                    Thread.yield();
                }
            } else {
                rest();
            }
        }
    }

    private void rest() {
        long spinUntil = System.nanoTime() + SPIN_NANOS;
        do {
            for (int spin = 0; spin < 50; spin++) {
                if (!ready.isEmpty()) {
                    return;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() < spinUntil);
        parked = true;
        if (ready.isEmpty() && !stopped) {
            LockSupport.park(this);
        }
        parked = false;
    }
}
