// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.core.execution.RawLock;

/**
 * Sends by sector, in batches of one direction, reads first; but nobody waits longer than he should: an expired request goes next, and writes are passed
 * over only so often (Linux: block/mq-deadline.c).
 */
final class DeadlineScheduler implements Scheduler {
    static final String NAME = "mq-deadline";
    static final long READ_EXPIRE_NANOS = 500_000_000;
    static final long WRITE_EXPIRE_NANOS = 5_000_000_000L;
    /** How often reads may go before writes that wait. */
    static final int WRITES_STARVED = 2;

    static final int FIFO_BATCH = 16;

    /** What is kept for reads and for writes. */
    private static final class Direction {
        private final RequestList fifo = new RequestList();
        private final SectorOrder order = new SectorOrder();
        private long position;

        boolean isEmpty() {
            return order.size() == 0;
        }

        void add(Request request) {
            fifo.add(request);
            order.add(request);
        }

        void remove(Request request) {
            fifo.remove(request);
            order.remove(request);
        }
    }

    private final RawLock lock = new RawLock();
    private final Direction reads = new Direction();
    private final Direction writes = new Direction();
    private Direction current = reads;
    private int batched;
    private int starved;
    private volatile int size;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int size() {
        return size;
    }

    private Direction directionOf(Request request) {
        return request.operation.isWrite() ? writes : reads;
    }

    @Override
    public Request insert(Request request, QueueLimits limits, long now) {
        boolean write = request.operation.isWrite();
        request.expiresNanos = now + (write ? WRITE_EXPIRE_NANOS : READ_EXPIRE_NANOS);
        lock.acquire();
        Direction direction = directionOf(request);
        Request before = direction.order.endingAt(request.sector);
        Request absorbed = null;
        if (before != null && before.mergeRequest(request, limits)) {
            absorbed = request;
        } else {
            Request behind = direction.order.beginningAt(request.endSector());
            if (behind != null && request.mergeRequest(behind, limits)) {
                direction.remove(behind);
                request.expiresNanos = Math.min(request.expiresNanos, behind.expiresNanos);
                absorbed = behind;
            }
            direction.add(request);
        }
        if (absorbed == null) {
            int sizeBefore = size;
            size = sizeBefore + 1;
        }
        lock.release();
        return absorbed;
    }

    @Override
    public boolean merge(Fragment fragment, QueueLimits limits) {
        lock.acquire();
        Direction direction = fragment.bio.operation().isWrite() ? writes : reads;
        boolean merged = direction.order.merge(fragment, limits);
        lock.release();
        return merged;
    }

    @Override
    public Request poll(long now) {
        lock.acquire();
        Request request = choose(now);
        if (request != null) {
            Direction direction = directionOf(request);
            direction.remove(request);
            direction.position = request.endSector();
            batched++;
            int sizeBefore = size;
            size = sizeBefore - 1;
        }
        lock.release();
        return request;
    }

    private Request choose(long now) {
        if (batched < FIFO_BATCH) {
            Request next = current.order.atOrAfter(current.position);
            if (next != null && batched > 0) {
                return next;
            }
        }
        Direction chosen = chooseDirection();
        if (chosen == null) {
            batched = 0;
            return null;
        }
        current = chosen;
        batched = 0;
        Request oldest = chosen.fifo.first();
        Request next = chosen.order.atOrAfter(chosen.position);
        return next == null || oldest.expiresNanos <= now ? oldest : next;
    }

    private Direction chooseDirection() {
        if (reads.isEmpty() || (!writes.isEmpty() && starved >= WRITES_STARVED)) {
            starved = 0;
            return writes.isEmpty() ? null : writes;
        }
        if (!writes.isEmpty()) {
            starved++;
        }
        return reads;
    }
}
