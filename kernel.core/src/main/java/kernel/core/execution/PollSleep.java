// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ERESTARTSYS;

import java.util.ArrayList;
import java.util.List;
import kernel.api.wait.PollTable;
import kernel.api.wait.WaitQueue;

/**
 * One task waiting in several queues at once (Linux: struct poll_wqueues). The task looks at all that it waits for, then
 * {@linkplain #sleep sleeps}, again and again, and {@linkplain #close leaves} the queues in the end.
 */
public final class PollSleep implements PollTable, AutoCloseable {
    private final List<Waiter> waiters = new ArrayList<>();
    private final Task task;
    private final String what;
    private boolean registering = true;

    /** @param what the task does meanwhile, for ps */
    public PollSleep(Task task, String what) {
        this.task = task;
        this.what = what;
    }

    @Override
    public void wait(WaitQueue queue) {
        if (registering) {
            Waiter waiter = new Waiter(task);
            waiters.add(waiter);
            ((WaitQueueHead) queue).enqueue(waiter);
        }
    }

    /**
     * After all queues are known: sleeps until one of them is woken, at once if one was since the last call.
     *
     * @param deadlineNanos time of the machine's clock, or {@link Long#MAX_VALUE}
     * @return 1 after a wake-up, 0 when the time is over, -ERESTARTSYS when a signal came first
     */
    public int sleep(long deadlineNanos) {
        registering = false;
        Execution execution = task.execution();
        TimerQueue.Entry timer = new TimerQueue.Entry(softirq -> execution.wake(task, Task.INTERRUPTIBLE));
        task.setWaitingFor(what);
        try {
            for (; ; ) {
                task.setState(Task.INTERRUPTIBLE);
                if (takeTriggered()) {
                    return 1;
                }
                if (task.signalPending()) {
                    return -ERESTARTSYS;
                }
                if (execution.now() >= deadlineNanos) {
                    return 0;
                }
                if (deadlineNanos != Long.MAX_VALUE) {
                    task.cpu().timers.arm(timer, deadlineNanos);
                }
                execution.traceSleep(task, what);
                task.cpu().point(Point.SLEEP);
                execution.schedule(task, false);
            }
        } finally {
            task.setState(Task.RUNNING);
            task.setWaitingFor("");
            timer.cancel();
        }
    }

    private boolean takeTriggered() {
        boolean found = false;
        for (Waiter waiter : waiters) {
            if (waiter.triggered) {
                waiter.triggered = false;
                found = true;
            }
        }
        return found;
    }

    /** Leaves all queues. */
    @Override
    public void close() {
        for (Waiter waiter : waiters) {
            WaitQueueHead queue = waiter.queue;
            if (queue != null) {
                queue.dequeue(waiter);
            }
        }
    }
}
