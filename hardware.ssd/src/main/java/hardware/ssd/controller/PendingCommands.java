// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import java.util.Arrays;

/** Commands that wait for a time, the earliest first, and of one time those that came first: a binary heap. Guarded by the firmware's lock. */
final class PendingCommands {
    private Command[] heap = new Command[16];
    private int size;

    int size() {
        return size;
    }

    /** When the first is due, or {@link Long#MAX_VALUE}. */
    long nextAt() {
        return size == 0 ? Long.MAX_VALUE : heap[0].at;
    }

    /** Takes the first if it is due by then; null when none is. */
    Command take(long until) {
        if (size == 0 || heap[0].at > until) {
            return null;
        }
        Command first = heap[0];
        remove(first);
        return first;
    }

    void add(Command command) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, command);
    }

    void remove(Command command) {
        int hole = command.heapIndex;
        Command last = heap[--size];
        heap[size] = null;
        command.heapIndex = -1;
        if (last != command) {
            siftDown(hole, last);
            if (last.heapIndex == hole) {
                siftUp(hole, last);
            }
        }
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            heap[i].heapIndex = -1;
            heap[i] = null;
        }
        size = 0;
    }

    private void siftUp(int start, Command command) {
        int index = start;
        while (index > 0 && before(command, heap[(index - 1) / 2])) {
            place(index, heap[(index - 1) / 2]);
            index = (index - 1) / 2;
        }
        place(index, command);
    }

    private void siftDown(int start, Command command) {
        int index = start;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], command)) {
                break;
            }
            place(index, heap[child]);
            index = child;
        }
        place(index, command);
    }

    private void place(int index, Command command) {
        heap[index] = command;
        command.heapIndex = index;
    }

    private static boolean before(Command a, Command b) {
        return a.at != b.at ? a.at < b.at : a.order < b.order;
    }
}
