// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.context.ProcessContext;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.execution.RawLock;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;

/**
 * Writes dirty files in the background: each that has been dirty for long enough, and all while too much is dirty (Linux: fs/fs-writeback.c). Its
 * thread is made when first something is dirty, and sleeps without a timer while nothing is.
 */
public final class Writeback {
    private final RawLock lock = new RawLock();
    private final Execution execution;
    private final PageCache cache;
    private final VmSettings settings;
    private final WaitQueueHead work;
    private final WaitQueueHead done;
    /** The one that has been dirty for longest; the others behind it. */
    private Dirty first;

    private Dirty last;
    private volatile boolean any;
    private volatile boolean wanted;
    private volatile boolean changed;
    private volatile Dirty current;
    private boolean started;

    Writeback(Execution execution, PageCache cache, VmSettings settings) {
        this.execution = execution;
        this.cache = cache;
        this.settings = settings;
        work = execution.newWaitQueue("wb_workfn", Gone.NEVER);
        done = execution.newWaitQueue("inode_wait_for_writeback", Gone.NEVER);
    }

    /** Something has become dirty. Does not sleep. Nothing happens when that is known. */
    public void add(Dirty dirty) {
        boolean start;
        lock.acquire();
        if (dirty.queued) {
            lock.release();
            return;
        }
        dirty.queued = true;
        dirty.sinceNanos = execution.now();
        dirty.next = null;
        if (first == null) {
            first = dirty;
        } else {
            last.next = dirty;
        }
        last = dirty;
        boolean wasIdle = !any;
        any = true;
        start = !started;
        started = true;
        lock.release();
        if (start) {
            execution.startKernelThread("kworker/flush", this::run);
        } else if (wasIdle) {
            work.wakeAllFromOutside();
        }
    }

    /** It is not to be written any more: it is clean, or on its way out. Waits while it is being written. May sleep. */
    public void remove(ProcessContext context, Dirty dirty) {
        lock.acquire();
        if (dirty.queued) {
            unlink(dirty);
        }
        lock.release();
        done.waitEvent(context, () -> current != dirty);
    }

    private void unlink(Dirty dirty) {
        Dirty before = null;
        for (Dirty at = first; at != dirty; at = at.next) {
            before = at;
        }
        if (before == null) {
            first = dirty.next;
        } else {
            before.next = dirty.next;
        }
        if (last == dirty) {
            last = before;
        }
        dirty.next = null;
        dirty.queued = false;
        any = first != null;
    }

    /** Too much is dirty: writing begins now. Does not wait for it. */
    public void writeSome(ProcessContext context) {
        if (!wanted) {
            wanted = true;
            work.wakeUpAll(context);
        }
    }

    /** Whoever waits for a time waits for another one now. */
    public void settingsChanged() {
        changed = true;
        work.wakeAllFromOutside();
    }

    private void run(Task task) {
        while (true) {
            long interval = settings.intervalNanos();
            if (!any || interval == 0) {
                work.waitEvent(task, () -> (any && settings.intervalNanos() > 0) || wanted);
            }
            if (!wanted) {
                work.waitEventInterruptibleTimeout(task, () -> wanted || changed, interval);
                changed = false;
            }
            boolean all = wanted;
            wanted = false;
            long now = execution.now();
            for (Dirty next = take(now, all); next != null; next = take(now, all)) {
                next.writeBack(task);
                current = null;
                if (next.isDirty()) {
                    add(next);
                }
                done.wakeUpAll(task);
                all &= cache.dirtyPages() > cache.backgroundLimit();
            }
        }
    }

    /** The next one that is due, which is not in the list any more but {@link #current}; null for none. */
    private Dirty take(long now, boolean all) {
        lock.acquire();
        Dirty next = first;
        boolean due =
                next != null && next.sinceNanos <= now && (all || now - next.sinceNanos >= settings.expireNanos());
        if (due) {
            unlink(next);
            current = next;
        }
        lock.release();
        return due ? next : null;
    }
}
