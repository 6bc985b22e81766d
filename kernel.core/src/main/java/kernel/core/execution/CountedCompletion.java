// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.wait.Completion;

/** A completion: a count, and a queue from which each completion lets the first one go (Linux: kernel/sched/completion.c). */
final class CountedCompletion implements Completion {
    /** The count of one that is done for good. */
    private static final int FOR_EVER = Integer.MAX_VALUE;

    private final RawLock lock = new RawLock();
    private final WaitQueueHead waiters;
    private final BooleanSupplier take = this::tryTake;
    private int done;

    CountedCompletion(Execution execution, String name, Gone gone) {
        waiters = execution.newWaitQueue(name, gone);
    }

    WaitQueueHead waiters() {
        return waiters;
    }

    @Override
    public void reset() {
        lock.acquire();
        done = 0;
        lock.release();
    }

    @Override
    public void complete(Context context) {
        lock.acquire();
        if (done != FOR_EVER) {
            done++;
        }
        lock.release();
        waiters.wakeUp(context);
    }

    @Override
    public void completeAll(Context context) {
        lock.acquire();
        done = FOR_EVER;
        lock.release();
        waiters.wakeUpAll(context);
    }

    @Override
    public int await(ProcessContext context) {
        return waiters.waitExclusive((Task) context, take, Task.UNINTERRUPTIBLE, "wait_for_completion");
    }

    @Override
    public int awaitInterruptible(ProcessContext context) {
        return waiters.waitExclusive((Task) context, take, Task.INTERRUPTIBLE, "wait_for_completion_interruptible");
    }

    @Override
    public long awaitTimeout(ProcessContext context, long timeoutNanos) {
        return waiters.waitExclusiveTimeout((Task) context, take, timeoutNanos, "wait_for_completion_timeout");
    }

    @Override
    public boolean tryTake() {
        lock.acquire();
        boolean taken = done > 0;
        if (taken && done != FOR_EVER) {
            done--;
        }
        lock.release();
        return taken;
    }

    @Override
    public boolean isDone() {
        lock.acquire();
        boolean any = done > 0;
        lock.release();
        return any;
    }
}
