// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.core.execution.RawLock;

/**
 * Gives each process its share of the disk: a queue each, sent by sector, in turns, and in its turn a process may move as much as its I/O priority is worth.
 * What processes of a higher class want goes first (after Linux's block/bfq-iosched.c, without its idling and its guesses).
 */
final class FairScheduler implements Scheduler {
    static final String NAME = "fair";
    /** What a turn is worth for each unit of weight: the usual priority moves 128 KiB. */
    static final long SECTORS_PER_WEIGHT = 64;

    private static final int BUCKETS = 64;

    /** What one process has waiting. */
    private static final class ProcessQueue {
        private final SectorOrder order = new SectorOrder();
        private int pid;
        private int ioClass;
        private int weight;
        private long budget;
        private long position;
        /** In the round of those that have something, or in the list of those that nobody needs. */
        private ProcessQueue next;

        private ProcessQueue nextInBucket;
    }

    /** The queues of one class that have something, in the order of their turns. */
    private static final class Round {
        private ProcessQueue first;
        private ProcessQueue last;

        void add(ProcessQueue queue) {
            queue.next = null;
            if (last == null) {
                first = queue;
            } else {
                last.next = queue;
            }
            last = queue;
        }

        ProcessQueue take() {
            ProcessQueue queue = first;
            first = queue.next;
            if (first == null) {
                last = null;
            }
            return queue;
        }
    }

    private final RawLock lock = new RawLock();
    private final ProcessQueue[] buckets = new ProcessQueue[BUCKETS];
    private final Round[] rounds = {new Round(), new Round(), new Round()};
    private ProcessQueue unused;
    private volatile int size;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Request insert(Request request, QueueLimits limits, long now) {
        lock.acquire();
        ProcessQueue queue = queueOf(request);
        Request before = queue.order.endingAt(request.sector);
        Request absorbed = null;
        if (before != null && before.mergeRequest(request, limits)) {
            absorbed = request;
        } else {
            Request behind = queue.order.beginningAt(request.endSector());
            if (behind != null && request.mergeRequest(behind, limits)) {
                queue.order.remove(behind);
                absorbed = behind;
            }
            queue.order.add(request);
        }
        if (absorbed == null) {
            int sizeBefore = size;
            size = sizeBefore + 1;
        }
        lock.release();
        return absorbed;
    }

    private ProcessQueue queueOf(Request request) {
        ProcessQueue queue = find(request.submitterPid);
        if (queue == null) {
            queue = newQueue();
            queue.pid = request.submitterPid;
            queue.ioClass = IoPriority.classIndex(request.priority);
            queue.weight = IoPriority.weight(request.priority);
            queue.budget = queue.weight * SECTORS_PER_WEIGHT;
            queue.position = 0;
            int bucket = queue.pid & BUCKETS - 1;
            queue.nextInBucket = buckets[bucket];
            buckets[bucket] = queue;
            rounds[queue.ioClass].add(queue);
        }
        return queue;
    }

    private ProcessQueue find(int pid) {
        ProcessQueue queue = buckets[pid & BUCKETS - 1];
        while (queue != null && queue.pid != pid) {
            queue = queue.nextInBucket;
        }
        return queue;
    }

    private ProcessQueue newQueue() {
        ProcessQueue queue = unused;
        if (queue == null) {
            return new ProcessQueue();
        }
        unused = queue.next;
        return queue;
    }

    @Override
    public boolean merge(Fragment fragment, QueueLimits limits) {
        lock.acquire();
        ProcessQueue queue = find(fragment.bio.submitterPid);
        boolean merged = queue != null && queue.order.merge(fragment, limits);
        lock.release();
        return merged;
    }

    @Override
    public Request poll(long now) {
        lock.acquire();
        Request request = null;
        for (int i = 0; i < rounds.length && request == null; i++) {
            if (rounds[i].first != null) {
                request = poll(rounds[i]);
            }
        }
        lock.release();
        return request;
    }

    /** The one whose turn it is; whoever has had his budget goes to the end. */
    private Request poll(Round round) {
        ProcessQueue queue = round.first;
        while (queue.budget <= 0) {
            round.add(round.take());
            queue.budget += queue.weight * SECTORS_PER_WEIGHT;
            queue = round.first;
        }
        Request request = queue.order.atOrAfter(queue.position);
        if (request == null) {
            request = queue.order.atOrAfter(0);
        }
        queue.order.remove(request);
        int sizeBefore = size;
        size = sizeBefore - 1;
        queue.position = request.endSector();
        queue.budget -= Math.max(1, request.endSector() - request.sector);
        if (queue.order.size() == 0) {
            round.take();
            forget(queue);
        }
        return request;
    }

    private void forget(ProcessQueue queue) {
        int bucket = queue.pid & BUCKETS - 1;
        if (buckets[bucket] == queue) {
            buckets[bucket] = queue.nextInBucket;
        } else {
            ProcessQueue before = buckets[bucket];
            while (before.nextInBucket != queue) {
                before = before.nextInBucket;
            }
            before.nextInBucket = queue.nextInBucket;
        }
        queue.nextInBucket = null;
        queue.next = unused;
        unused = queue;
    }
}
