// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.SubmissionEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A command that was fetched; used again after it has completed. Guarded by the firmware's lock. */
final class Command {
    /** What a command waits for. */
    enum Phase {
        /** For its turn: nothing has happened yet. */
        PLANNED,
        /** For the time when it is done: only its completion is missing. */
        DONE,
        /** For ever: an injected fault. */
        STUCK,
        /** For an event: an asynchronous event request. */
        HELD
    }

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    SubmissionQueue queue;
    int opcode;
    int flags;
    int id;
    int namespace;
    long prp1;
    long prp2;
    int dword10;
    int dword11;
    int dword12;
    int dword13;

    Phase phase;
    /** When what it waits for is there. */
    long at;
    /** Among commands of one time, the order in which they came. */
    long order;

    int heapIndex = -1;
    /** Its neighbours among the commands of its queue that are under way. */
    Command previous;

    Command next;

    int status;
    int result;
    /** What it wrote must survive the host before it completes. */
    boolean forces;

    void decode(SubmissionQueue from, byte[] entry, int at) {
        queue = from;
        int first = (int) INT.get(entry, at);
        opcode = first & 0xff;
        flags = first >>> 8 & 0xff;
        id = first >>> 16;
        namespace = (int) INT.get(entry, at + SubmissionEntry.NSID);
        prp1 = (long) LONG.get(entry, at + SubmissionEntry.PRP1);
        prp2 = (long) LONG.get(entry, at + SubmissionEntry.PRP2);
        dword10 = (int) INT.get(entry, at + SubmissionEntry.CDW10);
        dword11 = (int) INT.get(entry, at + SubmissionEntry.CDW11);
        dword12 = (int) INT.get(entry, at + SubmissionEntry.CDW12);
        dword13 = (int) INT.get(entry, at + SubmissionEntry.CDW13);
        result = 0;
        status = 0;
        forces = false;
    }

    boolean isAdmin() {
        return queue.id == 0;
    }

    /** The first block of commands that have a range. */
    long firstBlock() {
        return Integer.toUnsignedLong(dword10) | (long) dword11 << 32;
    }
}
