// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The doorbells: written by processors, read by the firmware, without a lock between them. A doorbell of no queue, or a value that its queue has no entry
 * for, is kept away from the queues and told to the firmware.
 */
final class Doorbells {
    private final AtomicIntegerArray values;
    private final AtomicIntegerArray sizes;
    /** Completion queues whose head the firmware waits for, one bit each. */
    private final AtomicLong watched = new AtomicLong();

    Doorbells(int queues) {
        values = new AtomicIntegerArray(2 * queues);
        sizes = new AtomicIntegerArray(2 * queues);
    }

    /** What came of a write to a doorbell. */
    enum Answer {
        /** Nothing for the firmware to do. */
        NOTED,
        /** There is work. */
        WORK,
        /** There is no such queue. */
        NO_QUEUE,
        /** The queue has no such entry. */
        NO_ENTRY
    }

    /** A processor writes the doorbell of that number: twice the queue, and one more for a completion queue. */
    Answer ring(int number, int value) {
        int size = number < sizes.length() ? sizes.get(number) : 0;
        if (size == 0) {
            return Answer.NO_QUEUE;
        }
        if (value < 0 || value >= size) {
            return Answer.NO_ENTRY;
        }
        values.set(number, value);
        if ((number & 1) == 0) {
            return Answer.WORK;
        }
        long bit = 1L << (number >>> 1);
        return (watched.get() & bit) != 0 && (watched.getAndAccumulate(~bit, (a, b) -> a & b) & bit) != 0
                ? Answer.WORK
                : Answer.NOTED;
    }

    int submissionTail(int queue) {
        return values.get(2 * queue);
    }

    int completionHead(int queue) {
        return values.get(2 * queue + 1);
    }

    /** The next write to the doorbell of this completion queue wakes the firmware. */
    void watch(int queue) {
        watched.getAndAccumulate(1L << queue, (a, b) -> a | b);
    }

    void openSubmission(int queue, int size) {
        values.set(2 * queue, 0);
        sizes.set(2 * queue, size);
    }

    void openCompletion(int queue, int size) {
        values.set(2 * queue + 1, 0);
        sizes.set(2 * queue + 1, size);
    }

    void closeSubmission(int queue) {
        sizes.set(2 * queue, 0);
    }

    void closeCompletion(int queue) {
        sizes.set(2 * queue + 1, 0);
    }

    void closeAll() {
        for (int i = 0; i < sizes.length(); i++) {
            sizes.set(i, 0);
        }
        watched.set(0);
    }
}
