// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.SubmissionEntry;

/** A submission queue in memory, and its commands that are under way. Guarded by the firmware's lock. */
final class SubmissionQueue {
    private static final int IDENTIFIERS = 1 << 16;

    final int id;
    final CompletionQueue completions;
    final int size;
    private final long address;
    private long[] taken;
    int head;
    /** Commands under way, the newest first. */
    Command underWay;

    int underWayCount;

    SubmissionQueue(int id, CompletionQueue completions, long address, int size) {
        this.id = id;
        this.completions = completions;
        this.address = address;
        this.size = size;
    }

    long addressOf(int index) {
        return address + (long) index * SubmissionEntry.BYTES;
    }

    void advance() {
        head = head + 1 == size ? 0 : head + 1;
    }

    boolean isTaken(int identifier) {
        return underWayCount > 0 && (taken[identifier >>> 6] & 1L << identifier) != 0;
    }

    void add(Command command) {
        if (taken == null) {
            taken = new long[IDENTIFIERS / Long.SIZE];
        }
        taken[command.id >>> 6] |= 1L << command.id;
        command.previous = null;
        command.next = underWay;
        if (underWay != null) {
            underWay.previous = command;
        }
        underWay = command;
        underWayCount++;
    }

    void remove(Command command) {
        taken[command.id >>> 6] &= ~(1L << command.id);
        if (command.previous == null) {
            underWay = command.next;
        } else {
            command.previous.next = command.next;
        }
        if (command.next != null) {
            command.next.previous = command.previous;
        }
        underWayCount--;
    }

    /** The command under way with that identifier, or null. */
    Command find(int identifier) {
        Command found = isTaken(identifier) ? underWay : null;
        while (found != null && found.id != identifier) {
            found = found.next;
        }
        return found;
    }
}
