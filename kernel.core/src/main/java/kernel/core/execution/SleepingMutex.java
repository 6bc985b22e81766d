// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ERESTARTSYS;

import java.util.concurrent.atomic.AtomicReference;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.core.trace.TraceEvent;

/**
 * A mutex: whoever finds it taken sleeps, first come first woken. Who comes by may be faster than the one who was woken, which saves switches; but only
 * once: then the mutex is handed over (Linux: MUTEX_FLAG_HANDOFF), or else one who locks again at once would keep the others out for ever.
 */
final class SleepingMutex implements Mutex {
    private final AtomicReference<Task> owner = new AtomicReference<>();
    private final Execution execution;
    private final String name;
    private final Gone gone;
    private final WaitQueueHead waiters;
    /** Guards the hand-over against an heir who leaves. */
    private final RawLock will = new RawLock();
    /** Was woken and came too late: gets the mutex from whoever unlocks it next. Null for none. */
    private volatile Task heir;

    SleepingMutex(Execution execution, String name, Gone gone) {
        this.execution = execution;
        this.name = name;
        this.gone = gone;
        waiters = new WaitQueueHead(execution, name, gone);
    }

    @Override
    public void lock(ProcessContext context) {
        acquire((Task) context, Task.UNINTERRUPTIBLE);
    }

    @Override
    public int lockInterruptible(ProcessContext context) {
        return acquire((Task) context, Task.INTERRUPTIBLE);
    }

    @Override
    public boolean tryLock(ProcessContext context) {
        Task task = (Task) context;
        task.cpu().point(Point.LOCK);
        return take(task);
    }

    @Override
    public void unlock(ProcessContext context) {
        Task task = (Task) context;
        if (owner.get() != task) {
            execution.rules().badUnlock(task.cpu(), name);
        }
        task.heldMutexes().remove(this);
        if (heir == null || !handOver(task)) {
            owner.set(null);
            waiters.wakeOne(task.cpu());
        }
        task.cpu().point(Point.UNLOCK);
    }

    private boolean handOver(Task from) {
        will.acquire();
        Task next = heir;
        if (next != null) {
            heir = null;
            owner.set(next);
        }
        will.release();
        if (next != null) {
            execution.wake(next, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE, from.cpu());
        }
        return next != null;
    }

    /** Was woken for nothing; if nobody else is, it is the heir now. */
    private void inherit(Task task) {
        will.acquire();
        if (heir == null) {
            heir = task;
        }
        will.release();
    }

    /** Does not wait any more; true when the mutex has been handed to it. */
    private boolean hasInherited(Task task) {
        will.acquire();
        if (heir == task) {
            heir = null;
        }
        boolean mine = owner.get() == task;
        will.release();
        return mine;
    }

    private boolean take(Task task) {
        if (owner.compareAndSet(null, task)) {
            task.heldMutexes().add(this);
            return true;
        }
        return false;
    }

    private int acquire(Task task, int state) {
        task.mightSleep("mutex_lock");
        task.cpu().point(Point.LOCK);
        if (take(task)) {
            return 0;
        }
        if (owner.get() == task) {
            execution.rules().recursiveLocking(task, name, "it would sleep until it unlocks the mutex itself");
        }
        execution.trace(task.cpu(), TraceEvent.LOCK_CONTENDED, 0, 0, name);
        return sleepFor(task, state);
    }

    private int sleepFor(Task task, int state) {
        Waiter waiter = task.waiter;
        waiter.exclusive = true;
        task.setWaitingFor(name);
        int result = 0;
        boolean woken = false;
        try {
            for (; ; ) {
                waiters.enqueue(waiter);
                task.prepareToSleep(state);
                if (owner.get() == task || take(task)) {
                    break;
                }
                if (woken) {
                    inherit(task);
                }
                if (state == Task.INTERRUPTIBLE && (gone.isGone() || task.signalPending())) {
                    result = gone.isGone() ? -ENODEV : -ERESTARTSYS;
                    break;
                }
                execution.traceSleep(task, name);
                task.cpu().point(Point.SLEEP);
                execution.schedule(task, false);
                woken = true;
            }
        } finally {
            task.setState(Task.RUNNING);
            waiters.dequeue(waiter);
            task.setWaitingFor("");
        }
        if (woken && hasInherited(task)) {
            if (!task.heldMutexes().contains(this)) {
                task.heldMutexes().add(this);
            }
            return 0;
        }
        if (result != 0 && owner.get() == null) {
            // A wake-up meant for the next in line may have come to us, who leave.
            waiters.wakeOne(task.cpu());
        }
        return result;
    }

    WaitQueueHead waiters() {
        return waiters;
    }

    /** Takes it from a task that died with it. */
    void releaseOf(Task dead) {
        if (owner.compareAndSet(dead, null)) {
            waiters.wakeAllFromOutside();
        }
    }

    @Override
    public String toString() {
        return "mutex " + name;
    }
}
