// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ERESTARTSYS;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.wait.WaitQueue;

/**
 * A wait queue. No wake-up is lost: a waiter first enters the queue and says that it sleeps, then looks at the condition; a waker
 * first makes the condition true, then looks at the queue.
 */
public final class WaitQueueHead implements WaitQueue {
    private final RawLock lock = new RawLock();
    private final Execution execution;
    private final String name;
    private final Gone gone;
    private Waiter first;
    private Waiter last;

    WaitQueueHead(Execution execution, String name, Gone gone) {
        this.execution = execution;
        this.name = name;
        this.gone = gone;
    }

    @Override
    public int waitEventInterruptible(ProcessContext context, BooleanSupplier condition) {
        return await((Task) context, condition, Task.INTERRUPTIBLE, "wait_event_interruptible");
    }

    @Override
    public int waitEvent(ProcessContext context, BooleanSupplier condition) {
        return await((Task) context, condition, Task.UNINTERRUPTIBLE, "wait_event");
    }

    private int await(Task task, BooleanSupplier condition, int state, String function) {
        task.mightSleep(function);
        if (condition.getAsBoolean()) {
            return 0;
        }
        return sleepUntil(task, condition, state, false);
    }

    /**
     * As {@link #waitEvent} in that state, for a condition that takes what it finds: a wake-up of one lets the first in line go, and no others.
     */
    int waitExclusive(Task task, BooleanSupplier take, int state, String function) {
        task.mightSleep(function);
        return take.getAsBoolean() ? 0 : sleepUntil(task, take, state, true);
    }

    /** As {@link #waitExclusive}, uninterruptibly; answers nanoseconds left, at least 1, or 0, or -ENODEV. */
    long waitExclusiveTimeout(Task task, BooleanSupplier take, long timeoutNanos, String function) {
        task.mightSleep(function);
        if (take.getAsBoolean()) {
            return Math.max(1, timeoutNanos);
        }
        long deadline = execution.deadline(timeoutNanos);
        TimerQueue.Entry timer = alarm(task, deadline, Task.UNINTERRUPTIBLE);
        boolean[] taken = new boolean[1];
        try {
            int result = sleepUntil(
                    task,
                    () -> {
                        taken[0] = take.getAsBoolean();
                        return taken[0] || execution.now() >= deadline;
                    },
                    Task.UNINTERRUPTIBLE,
                    true);
            return result != 0 ? result : taken[0] ? Math.max(1, deadline - execution.now()) : 0;
        } finally {
            timer.cancel();
        }
    }

    private TimerQueue.Entry alarm(Task task, long deadline, int state) {
        TimerQueue.Entry timer =
                new TimerQueue.Entry(softirq -> execution.wake(task, state, KernelContext.cpuOf(softirq)));
        task.cpu().timers.arm(timer, deadline);
        return timer;
    }

    private int sleepUntil(Task task, BooleanSupplier condition, int state, boolean exclusive) {
        Waiter waiter = task.waiter;
        waiter.exclusive = exclusive;
        task.setWaitingFor(name);
        try {
            for (; ; ) {
                enqueue(waiter);
                task.prepareToSleep(state);
                if (condition.getAsBoolean()) {
                    return 0;
                }
                if (gone.isGone()) {
                    return -ENODEV;
                }
                if (state == Task.INTERRUPTIBLE && task.signalPending()) {
                    return -ERESTARTSYS;
                }
                execution.traceSleep(task, name);
                task.cpu().point(Point.SLEEP);
                execution.schedule(task, false);
            }
        } finally {
            task.setState(Task.RUNNING);
            dequeue(waiter);
            task.setWaitingFor("");
        }
    }

    @Override
    public long waitEventInterruptibleTimeout(ProcessContext context, BooleanSupplier condition, long timeoutNanos) {
        Task task = (Task) context;
        task.mightSleep("wait_event_interruptible_timeout");
        if (condition.getAsBoolean()) {
            return Math.max(1, timeoutNanos);
        }
        long deadline = execution.deadline(timeoutNanos);
        TimerQueue.Entry timer = alarm(task, deadline, Task.INTERRUPTIBLE);
        try {
            int result = sleepUntil(
                    task, () -> condition.getAsBoolean() || execution.now() >= deadline, Task.INTERRUPTIBLE, false);
            if (result != 0) {
                return result;
            }
            return condition.getAsBoolean() ? Math.max(1, deadline - execution.now()) : 0;
        } finally {
            timer.cancel();
        }
    }

    @Override
    public void wakeUp(Context context) {
        wake(context, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE, 1);
    }

    @Override
    public void wakeUpInterruptible(Context context) {
        wake(context, Task.INTERRUPTIBLE, 1);
    }

    @Override
    public void wakeUpAll(Context context) {
        wake(context, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE, Integer.MAX_VALUE);
    }

    private void wake(Context context, int states, int exclusive) {
        Cpu cpu = KernelContext.cpuOf(context);
        wake(cpu, states, exclusive);
        cpu.point(Point.WAKE_UP);
    }

    /** Wakes everybody in one of those states, without being a point. Callable with raw locks of others held. */
    void wakeAll(Cpu cpu, int states) {
        wake(cpu, states, Integer.MAX_VALUE);
    }

    /** Wakes everybody, from outside of any processor. */
    public void wakeAllFromOutside() {
        wake((Cpu) null, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE, Integer.MAX_VALUE);
    }

    void wakeOne(Cpu cpu) {
        wake(cpu, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE, 1);
    }

    private void wake(Cpu cpu, int states, int exclusive) {
        int left = exclusive;
        lock.acquire();
        for (Waiter waiter = first; waiter != null && left > 0; waiter = waiter.next) {
            waiter.triggered = true;
            if (execution.wake(waiter.task, states, cpu)) {
                if (waiter.exclusive) {
                    left--;
                }
            }
        }
        lock.release();
    }

    /** Enters the queue unless the waiter is in it. */
    void enqueue(Waiter waiter) {
        lock.acquire();
        if (waiter.queue == null) {
            waiter.queue = this;
            waiter.previous = last;
            waiter.next = null;
            if (last == null) {
                first = waiter;
            } else {
                last.next = waiter;
            }
            last = waiter;
        }
        lock.release();
    }

    /** Leaves the queue if the waiter is in it. */
    void dequeue(Waiter waiter) {
        lock.acquire();
        if (waiter.queue == this) {
            if (waiter.previous == null) {
                first = waiter.next;
            } else {
                waiter.previous.next = waiter.next;
            }
            if (waiter.next == null) {
                last = waiter.previous;
            } else {
                waiter.next.previous = waiter.previous;
            }
            waiter.queue = null;
            waiter.previous = null;
            waiter.next = null;
        }
        lock.release();
    }

    public String name() {
        return name;
    }
}
