// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.api.context.Context;
import kernel.core.execution.RawLock;

/**
 * The flushes of a disk: at most one is under way, and all who ask meanwhile share the next one, for a flush serves only who asked before it was sent
 * (Linux: block/blk-flush.c). Any context but a hardirq for {@link #flush}; any for the end.
 */
final class FlushMachine {
    private final RawLock lock = new RawLock();
    private final GenericDisk disk;
    private final Request request;
    private BlockBio firstPending;
    private BlockBio lastPending;
    private BlockBio running;
    private boolean underWay;

    FlushMachine(GenericDisk disk) {
        this.disk = disk;
        request = new Request(disk, null);
    }

    /** The bio goes on by {@link GenericDisk#flushed} when all writes that are complete now are durable. */
    void flush(Context context, BlockBio bio) {
        lock.acquire();
        bio.next = null;
        if (lastPending == null) {
            firstPending = bio;
        } else {
            lastPending.next = bio;
        }
        lastPending = bio;
        boolean start = begin();
        lock.release();
        if (start) {
            send(context);
        }
    }

    /** Under the lock: whether a flush is to be sent, for those who wait. */
    private boolean begin() {
        if (underWay || firstPending == null) {
            return false;
        }
        running = firstPending;
        firstPending = null;
        lastPending = null;
        underWay = true;
        return true;
    }

    private void send(Context context) {
        request.resetRequeues();
        request.startedNanos = context.nanoTime();
        disk.sendFlush(context, request);
    }

    /** The flush is over. */
    void completed(Context context, int error) {
        lock.acquire();
        BlockBio served = running;
        running = null;
        underWay = false;
        boolean again = begin();
        lock.release();
        if (again) {
            send(context);
        }
        while (served != null) {
            BlockBio following = served.next;
            served.next = null;
            disk.flushed(context, served, error);
            served = following;
        }
    }
}
