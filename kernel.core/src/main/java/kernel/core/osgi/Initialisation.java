// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.ToIntBiFunction;
import kernel.api.wait.WaitQueue;
import kernel.core.execution.Task;

/**
 * The start of a module, on a task of its own, so that whoever waits for it can give up: foreign Java code that never returns cannot be stopped,
 * only left behind.
 */
final class Initialisation {
    private enum State {
        RUNNING,
        DONE,
        ABANDONED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final WaitQueue finished;
    private final ToIntBiFunction<Task, Initialisation> body;
    private final Consumer<Task> late;
    private volatile Thread thread;
    private volatile Task task;
    private volatile boolean cancelled;
    private volatile int result;

    /**
     * @param body the start; answers 0, or a negative errno after having put everything back
     * @param late runs instead of an answer when nobody waits any more
     */
    Initialisation(WaitQueue finished, ToIntBiFunction<Task, Initialisation> body, Consumer<Task> late) {
        this.finished = finished;
        this.body = body;
        this.late = late;
    }

    /** In the task of its own. */
    void run(Task self) {
        thread = Thread.currentThread();
        task = self;
        result = body.applyAsInt(self, this);
        forgetCancellation(self);
        if (state.compareAndSet(State.RUNNING, State.DONE)) {
            finished.wakeUpAll(self);
        } else {
            late.accept(self);
        }
    }

    /** What is left of being asked to end must not disturb what is done to put things back. In the task. */
    void forgetCancellation(Task self) {
        if (cancelled) {
            self.setSignalPending(false);
            Thread.interrupted();
        }
    }

    /** Waits: positive when it is over, 0 when the time is, a negative errno after a signal. */
    long await(Task waiter, long timeoutNanos) {
        waiter.setStaysWithWaker(true);
        try {
            return finished.waitEventInterruptibleTimeout(waiter, this::isDone, timeoutNanos);
        } finally {
            waiter.setStaysWithWaker(false);
        }
    }

    boolean isDone() {
        return state.get() == State.DONE;
    }

    /** What it answered, once it is done. */
    int result() {
        return result;
    }

    /** Asks it to end: what it sleeps in returns early, in the simulated kernel as in the host. */
    void cancel() {
        cancelled = true;
        Task running = task;
        Thread mine = thread;
        if (running == null || mine == null) {
            return;
        }
        // Asleep in the simulated kernel, or running or waiting in the host: the one does not notice what wakes the
        // other.
        boolean asleep = running.state() != Task.RUNNING;
        running.setSignalPending(true);
        if (!asleep) {
            mine.interrupt();
        }
    }

    /** Stops waiting for good; false when it has just ended. */
    boolean abandon() {
        return state.compareAndSet(State.RUNNING, State.ABANDONED);
    }

    /** Where it is. */
    StackTraceElement[] stack() {
        Thread mine = thread;
        return mine == null ? new StackTraceElement[0] : mine.getStackTrace();
    }
}
