// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

import java.util.Arrays;

/**
 * A binary heap of events by due time, then by order of scheduling; each event knows its place, so removal is cheap.
 */
final class EventHeap {
    private TimelineEvent[] heap = new TimelineEvent[8];
    private int size;

    TimelineEvent peek() {
        return size == 0 ? null : heap[0];
    }

    void add(TimelineEvent event) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, event);
    }

    void remove(TimelineEvent event) {
        int hole = event.heapIndex;
        TimelineEvent last = heap[--size];
        heap[size] = null;
        event.heapIndex = -1;
        if (last != event) {
            siftDown(hole, last);
            if (last.heapIndex == hole) {
                siftUp(hole, last);
            }
        }
    }

    private void siftUp(int start, TimelineEvent event) {
        int index = start;
        while (index > 0 && before(event, heap[(index - 1) / 2])) {
            place(index, heap[(index - 1) / 2]);
            index = (index - 1) / 2;
        }
        place(index, event);
    }

    private void siftDown(int start, TimelineEvent event) {
        int index = start;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], event)) {
                break;
            }
            place(index, heap[child]);
            index = child;
        }
        place(index, event);
    }

    private void place(int index, TimelineEvent event) {
        heap[index] = event;
        event.heapIndex = index;
    }

    private static boolean before(TimelineEvent a, TimelineEvent b) {
        return a.dueNanos != b.dueNanos ? a.dueNanos < b.dueNanos : a.sequence < b.sequence;
    }
}
