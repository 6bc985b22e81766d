// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Halt;
import kernel.core.execution.Task;

/** A piece of kernel code that a thread of the host wants run, and its answer. */
final class KernelCall<T> {
    private static final long POLL_MILLIS = 20;

    private final Function<ProcessContext, T> code;
    private final CountDownLatch done = new CountDownLatch(1);
    private T result;
    private Throwable failure;

    KernelCall(Function<ProcessContext, T> code) {
        this.code = code;
    }

    /** In the task made for it. */
    void run(Task task) {
        try {
            result = code.apply(task);
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            task.releaseAllLocks();
            failure = e;
        }
        done.countDown();
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    /** On the thread of the host: waits, and looks now and then whether there is still anything to wait for. */
    T await(Kernel kernel) {
        boolean live = !kernel.config().isDeterministic();
        try {
            while (!done.await(live ? POLL_MILLIS : 0, TimeUnit.MILLISECONDS)) {
                if (kernel.isHalted()) {
                    throw new IllegalStateException("the kernel has halted: " + kernel.panicMessage());
                }
                if (!live) {
                    throw new IllegalStateException("nothing can move any more, and the call has not returned");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the kernel", e);
        }
        return answer();
    }

    private T answer() {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return result;
    }
}
