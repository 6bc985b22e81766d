// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import kernel.core.execution.RawLock;

/** The requests that one processor has for a disk without a scheduler: first in, first out (Linux: struct blk_mq_ctx). Any context. */
final class SoftwareQueue {
    /** How many of the last ones are looked at for a merge. */
    private static final int MERGE_DEPTH = 8;

    private final RawLock lock = new RawLock();
    private Request first;
    private Request last;
    private volatile int size;

    int size() {
        return size;
    }

    void add(Request request) {
        lock.acquire();
        request.next = null;
        request.previous = last;
        if (last == null) {
            first = request;
        } else {
            last.next = request;
        }
        last = request;
        int before = size;
        size = before + 1;
        lock.release();
    }

    /** The oldest, or null. */
    Request poll() {
        if (size == 0) {
            return null;
        }
        lock.acquire();
        Request request = first;
        if (request != null) {
            first = request.next;
            if (first == null) {
                last = null;
            } else {
                first.previous = null;
            }
            request.next = null;
            int before = size;
            size = before - 1;
        }
        lock.release();
        return request;
    }

    /** Makes a fragment part of one of the last requests if it fits (Linux: blk_bio_list_merge). */
    boolean merge(Fragment fragment, QueueLimits limits) {
        if (size == 0) {
            return false;
        }
        lock.acquire();
        boolean merged = false;
        Request candidate = last;
        for (int i = 0; i < MERGE_DEPTH && candidate != null && !merged; i++) {
            merged = Merging.into(candidate, fragment, limits);
            candidate = candidate.previous;
        }
        lock.release();
        return merged;
    }
}
