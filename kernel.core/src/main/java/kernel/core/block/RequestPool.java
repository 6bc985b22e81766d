// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.core.execution.RawLock;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;

/**
 * The requests that a disk may have at once by way of one hardware queue (Linux: nr_requests, blk_mq_get_tag). Who finds none sleeps; each that comes back
 * is handed to the one who has waited longest, so that nobody who comes by is faster.
 */
final class RequestPool {
    /** Somebody who waits. */
    private static final class Seeker {
        private final WaitQueueHead queue;
        private final BooleanSupplier over = this::isOver;
        private Seeker next;
        private volatile Request granted;
        private volatile boolean refused;

        Seeker(WaitQueueHead queue) {
            this.queue = queue;
        }

        private boolean isOver() {
            return granted != null || refused;
        }
    }

    private final RawLock lock = new RawLock();
    private final GenericDisk disk;
    private final WaitQueueHead freezers;
    private final BooleanSupplier empty = this::isEmpty;
    private Request[] free;
    private int freeCount;
    /** How many there are altogether, in the pool and out of it, and how many there shall be. */
    private int made;

    private int limit;
    private boolean frozen;
    private boolean closed;
    private Seeker firstSeeker;
    private Seeker lastSeeker;
    private Seeker idleSeekers;

    RequestPool(GenericDisk disk, int limit) {
        this.disk = disk;
        this.limit = limit;
        free = new Request[limit];
        freezers = disk.newWaitQueue("blk_mq_freeze_queue");
    }

    int limit() {
        return limit;
    }

    /** How many are out. */
    int outstanding() {
        lock.acquire();
        int out = made - freeCount;
        lock.release();
        return out;
    }

    /** Takes one if there is one and nobody waits; null otherwise. Any context. */
    Request tryTake() {
        lock.acquire();
        Request request = firstSeeker == null ? pop() : null;
        lock.release();
        return request;
    }

    /** Takes one, sleeping for it. Null when the disk has gone. */
    Request take(Task task) {
        lock.acquire();
        if (closed) {
            lock.release();
            return null;
        }
        Request request = firstSeeker == null ? pop() : null;
        if (request != null) {
            lock.release();
            return request;
        }
        Seeker me = newSeeker();
        if (lastSeeker == null) {
            firstSeeker = me;
        } else {
            lastSeeker.next = me;
        }
        lastSeeker = me;
        lock.release();
        me.queue.waitEvent(task, me.over);
        request = me.granted;
        lock.acquire();
        me.next = idleSeekers;
        idleSeekers = me;
        lock.release();
        return request;
    }

    /** Under the lock. */
    private Seeker newSeeker() {
        Seeker seeker = idleSeekers;
        if (seeker == null) {
            seeker = new Seeker(disk.newWaitQueue("blk_mq_get_tag"));
        } else {
            idleSeekers = seeker.next;
        }
        seeker.next = null;
        seeker.granted = null;
        seeker.refused = false;
        return seeker;
    }

    /** Under the lock. */
    private Request pop() {
        if (frozen || closed) {
            return null;
        }
        if (freeCount > 0) {
            Request request = free[--freeCount];
            free[freeCount] = null;
            return request;
        }
        if (made < limit) {
            made++;
            return new Request(disk, this);
        }
        return null;
    }

    /** Gives one back. Any context. */
    void give(Context context, Request request) {
        lock.acquire();
        if (made > limit) {
            made--;
        } else {
            free[freeCount++] = request;
        }
        Seeker served = firstSeeker == null ? null : serve();
        boolean nobodyOut = frozen && made == freeCount;
        lock.release();
        if (served != null) {
            served.queue.wakeUp(context);
        }
        if (nobodyOut) {
            freezers.wakeUpAll(context);
        }
    }

    /** Under the lock: gives the first in line what there is. */
    private Seeker serve() {
        Request request = pop();
        if (request == null) {
            return null;
        }
        Seeker seeker = firstSeeker;
        firstSeeker = seeker.next;
        if (firstSeeker == null) {
            lastSeeker = null;
        }
        seeker.granted = request;
        return seeker;
    }

    /** Lets nobody have one from now on; {@link #awaitEmpty} waits for those that are out. */
    void freeze() {
        lock.acquire();
        frozen = true;
        lock.release();
    }

    /** Until all are back. May sleep. */
    void awaitEmpty(Task task) {
        freezers.waitEvent(task, empty);
    }

    private boolean isEmpty() {
        return outstanding() == 0;
    }

    void unfreeze(Context context) {
        lock.acquire();
        frozen = false;
        lock.release();
        serveAll(context);
    }

    private void serveAll(Context context) {
        for (; ; ) {
            lock.acquire();
            Seeker served = firstSeeker == null ? null : serve();
            lock.release();
            if (served == null) {
                return;
            }
            served.queue.wakeUp(context);
        }
    }

    /** Changes how many there may be. */
    void setLimit(Context context, int newLimit) {
        lock.acquire();
        limit = newLimit;
        while (made > limit && freeCount > 0) {
            free[--freeCount] = null;
            made--;
        }
        if (free.length < limit) {
            free = Arrays.copyOf(free, limit);
        }
        lock.release();
        serveAll(context);
    }

    /** The disk has gone: whoever waits gets none, and nobody from now on. */
    void close(Context context) {
        lock.acquire();
        closed = true;
        Seeker seeker = firstSeeker;
        firstSeeker = null;
        lastSeeker = null;
        lock.release();
        while (seeker != null) {
            // It may be used again as soon as it knows.
            Seeker following = seeker.next;
            seeker.refused = true;
            seeker.queue.wakeUp(context);
            seeker = following;
        }
    }
}
