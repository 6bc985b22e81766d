// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.CompletionEntry;
import java.util.ArrayDeque;

/** A completion queue in memory. Guarded by the firmware's lock, but for what doorbells look at. */
final class CompletionQueue {
    final int id;
    final int size;
    final int vector;
    final boolean interrupts;
    private final long address;
    private final Doorbells doorbells;
    /** Commands that are done and find no room. */
    final ArrayDeque<Command> waiting = new ArrayDeque<>();

    int tail;
    int phase = CompletionEntry.STATUS_PHASE;
    /** Submission queues that use it. */
    int users;

    CompletionQueue(int id, long address, int size, int vector, boolean interrupts, Doorbells doorbells) {
        this.id = id;
        this.address = address;
        this.size = size;
        this.vector = vector;
        this.interrupts = interrupts;
        this.doorbells = doorbells;
    }

    long addressOfTail() {
        return address + (long) tail * CompletionEntry.BYTES;
    }

    void advance() {
        if (++tail == size) {
            tail = 0;
            phase ^= CompletionEntry.STATUS_PHASE;
        }
    }

    /** Whether there is no room; the doorbell will then wake the firmware. */
    boolean isFull() {
        int next = tail + 1 == size ? 0 : tail + 1;
        if (next != doorbells.completionHead(id)) {
            return false;
        }
        doorbells.watch(id);
        return next == doorbells.completionHead(id);
    }
}
