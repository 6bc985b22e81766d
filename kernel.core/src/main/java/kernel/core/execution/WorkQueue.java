// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.Work;
import kernel.core.trace.TraceEvent;

/**
 * A work queue and its pool of kernel threads, which are made when items would otherwise wait (Linux: kernel/workqueue.c,
 * unbound). One item never runs on two workers at once.
 */
public final class WorkQueue {
    private static final int MAX_WORKERS = 16;
    private static final int NO_WORKER = -1;

    private final RawLock lock = new RawLock();
    private final Execution execution;
    private final String name;
    private final WaitQueueHead idleWorkers;
    private final WaitQueueHead flushers;
    private final Queue<Item> queued = new ArrayDeque<>();
    private int idle;
    private int workers;
    private int lastWorker;

    WorkQueue(Execution execution, String name) {
        this.execution = execution;
        this.name = name;
        idleWorkers = execution.newWaitQueue("kworker idle", Gone.NEVER);
        flushers = execution.newWaitQueue("flush_work", Gone.NEVER);
    }

    /** Makes an item, not queued. */
    public Item newItem(String itemName, Work.Function function) {
        return new Item(this, itemName, function);
    }

    /** Makes an item that is queued after a while. */
    public DelayedItem newDelayedItem(String itemName, Work.Function function) {
        return new DelayedItem(this, newItem(itemName, function));
    }

    /** Queues from outside of any processor, such as a hardware thread or a framework's thread. */
    public boolean queueFromOutside(Item item) {
        return queue(null, item);
    }

    /** Queues without being a point; by code on that processor, or null. False when it was queued or cannot be. */
    boolean queue(Cpu cpu, Item item) {
        lock.acquire();
        if (item.pending || item.disabled || item.cancellations > 0) {
            lock.release();
            return false;
        }
        item.pending = true;
        item.accepted++;
        queued.add(item);
        int number = newWorkerIfNoneIsFree();
        lock.release();
        if (cpu != null) {
            execution.trace(cpu, TraceEvent.WORK_QUEUE, 0, 0, item.name);
        }
        if (number != NO_WORKER) {
            startWorker(number);
        } else if (cpu == null) {
            idleWorkers.wakeAllFromOutside();
        } else {
            idleWorkers.wakeAll(cpu, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
        return true;
    }

    /** Under the lock: the number of a worker to start because all others may be long at work, or none. */
    private int newWorkerIfNoneIsFree() {
        if (idle > 0 || workers >= MAX_WORKERS) {
            return NO_WORKER;
        }
        workers++;
        return lastWorker++;
    }

    private void startWorker(int number) {
        execution.startKernelThread("kworker/u:" + number, this::work);
    }

    private void work(Task self) {
        try {
            for (; ; ) {
                Item item = next(self);
                if (item == null) {
                    rest(self);
                } else {
                    run(self, item);
                }
            }
        } finally {
            leave(self);
        }
    }

    /** An item threw, and this worker with it: what it would have run next gets another. */
    private void leave(Task self) {
        lock.acquire();
        workers--;
        boolean more = anyRunnable();
        int number = more ? newWorkerIfNoneIsFree() : NO_WORKER;
        lock.release();
        if (number != NO_WORKER) {
            startWorker(number);
        } else if (more) {
            idleWorkers.wakeAll(self.cpu(), Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
    }

    private void rest(Task self) {
        lock.acquire();
        idle++;
        lock.release();
        try {
            idleWorkers.waitEvent(self, this::hasRunnable);
        } finally {
            lock.acquire();
            idle--;
            lock.release();
        }
    }

    private boolean hasRunnable() {
        lock.acquire();
        boolean found = anyRunnable();
        lock.release();
        return found;
    }

    /** Under the lock. */
    private boolean anyRunnable() {
        for (Item item : queued) {
            if (item.runner == null) {
                return true;
            }
        }
        return false;
    }

    /** Takes an item. Others that wait get a worker of their own, for this one may sleep. */
    private Item next(Task self) {
        lock.acquire();
        Item found = null;
        for (Iterator<Item> items = queued.iterator(); items.hasNext() && found == null; ) {
            Item item = items.next();
            if (item.runner == null) {
                items.remove();
                item.pending = false;
                item.runner = self;
                item.started = item.accepted;
                found = item;
            }
        }
        int number = found != null && anyRunnable() ? newWorkerIfNoneIsFree() : NO_WORKER;
        lock.release();
        if (number != NO_WORKER) {
            startWorker(number);
        }
        return found;
    }

    private void run(Task self, Item item) {
        execution.trace(self.cpu(), TraceEvent.WORK_START, 0, 0, item.name);
        try {
            item.function.run(self);
        } finally {
            lock.acquire();
            item.runner = null;
            item.finished = item.started;
            lock.release();
            flushers.wakeAll(self.cpu(), Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
        execution.trace(self.cpu(), TraceEvent.WORK_END, 0, 0, item.name);
    }

    @Override
    public String toString() {
        return "workqueue " + name;
    }

    /** A work item of this queue; all that changes is guarded by the queue's lock. */
    public static final class Item implements Work {
        private final WorkQueue queue;
        private final String name;
        private final Function function;
        private boolean pending;
        private boolean disabled;
        /** How many wait for it to be over; meanwhile it cannot be queued, or one that queues itself would never be. */
        private int cancellations;
        /** The worker that runs it, or null. */
        private Task runner;
        /** How often it was queued, up to which of them a worker took it, and up to which it has run. */
        private long accepted;

        private long started;
        private long finished;

        private Item(WorkQueue queue, String name, Function function) {
            this.queue = queue;
            this.name = name;
            this.function = function;
        }

        @Override
        public boolean queue(Context context) {
            Cpu cpu = KernelContext.cpuOf(context);
            boolean fresh = queue.queue(cpu, this);
            cpu.point(Point.DEFER);
            return fresh;
        }

        @Override
        public void flush(ProcessContext context) {
            refuseFromItself(context);
            queue.lock.acquire();
            long target = accepted;
            queue.lock.release();
            queue.flushers.waitEvent(context, () -> hasRun(target));
        }

        /** Whether that instance is over; what has been queued since is another matter. */
        private boolean hasRun(long instance) {
            queue.lock.acquire();
            boolean done = finished >= instance || (!pending && runner == null);
            queue.lock.release();
            return done;
        }

        @Override
        public boolean cancel(ProcessContext context) {
            refuseFromItself(context);
            queue.lock.acquire();
            boolean was = pending;
            if (pending) {
                pending = false;
                queue.queued.remove(this);
            }
            cancellations++;
            queue.lock.release();
            try {
                queue.flushers.wakeAll(KernelContext.cpuOf(context), Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
                queue.flushers.waitEvent(context, () -> hasRun(Long.MAX_VALUE));
            } finally {
                queue.lock.acquire();
                cancellations--;
                queue.lock.release();
            }
            return was;
        }

        /** Whether it is queued and no worker has taken it yet. */
        boolean isPending() {
            queue.lock.acquire();
            boolean is = pending;
            queue.lock.release();
            return is;
        }

        /** Takes it off the queue if it is there, without waiting for anything. */
        void takeBack(Cpu cpu) {
            queue.lock.acquire();
            boolean was = pending;
            if (was) {
                pending = false;
                queue.queued.remove(this);
            }
            queue.lock.release();
            if (was) {
                queue.flushers.wakeAll(cpu, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
            }
        }

        private void refuseFromItself(ProcessContext context) {
            queue.lock.acquire();
            boolean itself = runner != null && runner == context;
            queue.lock.release();
            if (itself) {
                queue.execution
                        .rules()
                        .recursiveLocking((Task) context, "work " + name, "the item would wait for its own end");
            }
        }

        /** From now on queueing it does nothing (Linux: disable_work). */
        public void disableForGood() {
            queue.lock.acquire();
            disabled = true;
            queue.lock.release();
        }
    }
}
