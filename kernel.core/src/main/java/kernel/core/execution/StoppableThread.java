// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.thread.KernelThread;

/** A kernel thread of a module's, which ends when its function returns and is asked to by {@link #stop} (Linux: kernel/kthread.c). */
public final class StoppableThread implements KernelThread {
    private final Execution execution;
    private final WaitQueueHead sleep;
    private final WaitQueueHead ended;
    private volatile boolean shouldStop;
    private volatile boolean hasEnded;
    private volatile Task task;

    StoppableThread(Execution execution, String name) {
        this.execution = execution;
        sleep = execution.newWaitQueue(name, Gone.NEVER);
        ended = execution.newWaitQueue("kthread_stop", Gone.NEVER);
    }

    /** Lets it run; once. */
    void start(String name, Function function) {
        Task made = execution.newTask(name, self -> run(self, function));
        task = made;
        execution.start(made);
    }

    private void run(Task self, Function function) {
        try {
            function.run(self, this);
        } finally {
            hasEnded = true;
            execution.forget(self);
            ended.wakeAll(self.cpu(), Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
    }

    /** The task behind it. */
    public Task task() {
        return task;
    }

    @Override
    public boolean shouldStop() {
        return shouldStop;
    }

    @Override
    public void sleepUntil(ProcessContext context, BooleanSupplier condition) {
        if (context != task) {
            throw new KernelBug(task + " sleeps by itself, and is not put to sleep by " + context);
        }
        sleep.waitEvent(context, () -> shouldStop || condition.getAsBoolean());
    }

    @Override
    public void wake(Context context) {
        sleep.wakeUpAll(context);
    }

    @Override
    public void stop(ProcessContext context) {
        if (context == task) {
            execution.rules().recursiveLocking(task, "thread " + task.name(), "the thread would wait for its own end");
        }
        shouldStop = true;
        Cpu cpu = KernelContext.cpuOf(context);
        // Wherever it sleeps it looks again at what it waits for; who sleeps for a condition of his own asks shouldStop
        // in it.
        execution.wake(task, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE, cpu);
        ended.waitEvent(context, () -> hasEnded);
    }
}
