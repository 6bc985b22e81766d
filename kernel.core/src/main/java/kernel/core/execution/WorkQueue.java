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

    /** Queues from outside of any processor, such as a hardware thread or a framework's thread. */
    public boolean queueFromOutside(Item item) {
        return queue(null, item);
    }

    private boolean queue(Cpu cpu, Item item) {
        lock.acquire();
        if (item.pending || item.disabled) {
            lock.release();
            return false;
        }
        item.pending = true;
        queued.add(item);
        boolean another = idle == 0 && workers < MAX_WORKERS;
        int number = 0;
        if (another) {
            workers++;
            number = lastWorker++;
        }
        lock.release();
        if (cpu != null) {
            execution.trace(cpu, TraceEvent.WORK_QUEUE, 0, 0, item.name);
        }
        if (another) {
            execution.startKernelThread("kworker/u:" + number, this::work);
        } else if (cpu == null) {
            idleWorkers.wakeAllFromOutside();
        } else {
            idleWorkers.wakeAll(cpu, Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
        return true;
    }

    private void work(Task self) {
        try {
            for (; ; ) {
                Item item = next();
                if (item == null) {
                    rest(self);
                } else {
                    run(self, item);
                }
            }
        } finally {
            lock.acquire();
            workers--;
            lock.release();
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
        boolean found = false;
        for (Item item : queued) {
            found |= item.runner == null;
        }
        lock.release();
        return found;
    }

    private Item next() {
        lock.acquire();
        Item found = null;
        for (Iterator<Item> items = queued.iterator(); items.hasNext() && found == null; ) {
            Item item = items.next();
            if (item.runner == null) {
                items.remove();
                item.pending = false;
                item.runner = Thread.currentThread();
                found = item;
            }
        }
        lock.release();
        return found;
    }

    private void run(Task self, Item item) {
        execution.trace(self.cpu(), TraceEvent.WORK_START, 0, 0, item.name);
        try {
            item.function.run(self);
        } finally {
            lock.acquire();
            item.runner = null;
            lock.release();
            flushers.wakeAll(self.cpu(), Task.INTERRUPTIBLE | Task.UNINTERRUPTIBLE);
        }
        execution.trace(self.cpu(), TraceEvent.WORK_END, 0, 0, item.name);
    }

    @Override
    public String toString() {
        return "workqueue " + name;
    }

    /** A work item of this queue. */
    public static final class Item implements Work {
        private final WorkQueue queue;
        private final String name;
        private final Function function;
        private boolean pending;
        private boolean disabled;
        private volatile Thread runner;

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
            queue.flushers.waitEvent(context, () -> {
                queue.lock.acquire();
                boolean done = !pending && runner == null;
                queue.lock.release();
                return done;
            });
        }

        @Override
        public boolean cancel(ProcessContext context) {
            queue.lock.acquire();
            boolean was = pending;
            if (pending) {
                pending = false;
                queue.queued.remove(this);
            }
            queue.lock.release();
            flush(context);
            return was;
        }

        /** From now on queueing it does nothing (Linux: disable_work). */
        public void disableForGood() {
            queue.lock.acquire();
            disabled = true;
            queue.lock.release();
        }
    }
}
