// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.DelayedWork;

/** A work item behind a timer that queues it (Linux: struct delayed_work). It is waiting, or queued, or neither; never both. */
public final class DelayedItem implements DelayedWork {
    /** Guards all below; comes before the locks of work queue and timers. */
    private final RawLock lock = new RawLock();

    private final WorkQueue queue;
    private final WorkQueue.Item item;
    private final TimerQueue.Entry timer;
    private boolean waiting;
    private long dueNanos;
    /** How many wait for it to be over; meanwhile it cannot be scheduled, or one that schedules itself would never be. */
    private int cancellations;

    private boolean disabled;

    DelayedItem(WorkQueue queue, WorkQueue.Item item) {
        this.queue = queue;
        this.item = item;
        timer = new TimerQueue.Entry(context -> expired(KernelContext.cpuOf(context)));
    }

    @Override
    public boolean schedule(Context context, long delayNanos) {
        Cpu cpu = KernelContext.cpuOf(context);
        lock.acquire();
        boolean fresh = mayStart() && !waiting && !item.isPending();
        if (fresh) {
            start(cpu, delayNanos);
        }
        lock.release();
        cpu.point(Point.DEFER);
        return fresh;
    }

    @Override
    public void reschedule(Context context, long delayNanos) {
        Cpu cpu = KernelContext.cpuOf(context);
        lock.acquire();
        if (mayStart()) {
            stopWaiting();
            item.takeBack(cpu);
            start(cpu, delayNanos);
        }
        lock.release();
        cpu.point(Point.DEFER);
    }

    @Override
    public void flush(ProcessContext context) {
        Cpu cpu = KernelContext.cpuOf(context);
        lock.acquire();
        if (stopWaiting()) {
            queue.queue(cpu, item);
        }
        lock.release();
        item.flush(context);
    }

    @Override
    public boolean cancel(ProcessContext context) {
        lock.acquire();
        boolean was = stopWaiting();
        cancellations++;
        lock.release();
        try {
            return item.cancel(context) || was;
        } finally {
            lock.acquire();
            cancellations--;
            lock.release();
        }
    }

    /** From now on scheduling it does nothing (Linux: disable_delayed_work). */
    public void disableForGood() {
        lock.acquire();
        disabled = true;
        lock.release();
        item.disableForGood();
    }

    private boolean mayStart() {
        return !disabled && cancellations == 0;
    }

    /** Without a delay it is queued at once, without a timer. */
    private void start(Cpu cpu, long delayNanos) {
        if (delayNanos <= 0) {
            queue.queue(cpu, item);
            return;
        }
        waiting = true;
        dueNanos = cpu.execution().deadline(delayNanos);
        cpu.timers.arm(timer, dueNanos);
    }

    private boolean stopWaiting() {
        boolean was = waiting;
        waiting = false;
        timer.cancel();
        return was;
    }

    /** The timer's function; it may come too late, when the item has been taken back and even started again. */
    private void expired(Cpu cpu) {
        lock.acquire();
        if (waiting && cpu.execution().now() >= dueNanos) {
            waiting = false;
            queue.queue(cpu, item);
        }
        lock.release();
    }
}
