// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import static hardware.ssd.registers.PhysicalRegions.ENTRIES_PER_PAGE;
import static hardware.ssd.registers.PhysicalRegions.ENTRY_BYTES;
import static hardware.ssd.registers.PhysicalRegions.PAGE_BYTES;

import hardware.machine.memory.DmaPort;
import hardware.ssd.registers.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The data of one command in memory, as its physical regions say: found once, then read or written from front to back. Used again for every command.
 * Guarded by the firmware's lock.
 */
final class HostMemory {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PAGE_MASK = PAGE_BYTES - 1;
    private static final int PRP1_ALIGNMENT = 4;

    private final DmaPort dma;
    private final byte[] list = new byte[PAGE_BYTES];
    private final long[] pages;
    private int firstOffset;
    private int cursor;

    /** @param mostBytes the most that a command transfers */
    HostMemory(DmaPort dma, int mostBytes) {
        this.dma = dma;
        pages = new long[mostBytes / PAGE_BYTES + 1];
    }

    /**
     * Finds the regions of a transfer.
     *
     * @return a status code
     */
    int find(long prp1, long prp2, int bytes) {
        cursor = 0;
        if ((prp1 & PRP1_ALIGNMENT - 1) != 0) {
            return Status.PRP_OFFSET_INVALID;
        }
        firstOffset = (int) (prp1 & PAGE_MASK);
        pages[0] = prp1 - firstOffset;
        int count = (firstOffset + bytes + PAGE_BYTES - 1) / PAGE_BYTES;
        if (count <= 1) {
            return Status.SUCCESS;
        }
        if (count == 2) {
            pages[1] = prp2;
            return (prp2 & PAGE_MASK) == 0 ? Status.SUCCESS : Status.PRP_OFFSET_INVALID;
        }
        return followList(prp2, count);
    }

    private int followList(long first, int count) {
        if ((first & ENTRY_BYTES - 1) != 0) {
            return Status.PRP_OFFSET_INVALID;
        }
        long at = first;
        for (int found = 1; found < count; ) {
            int room = ENTRIES_PER_PAGE - (int) (at & PAGE_MASK) / ENTRY_BYTES;
            boolean goesOn = count - found > room;
            int here = goesOn ? room : count - found;
            if (!dma.read(at, list, 0, here * ENTRY_BYTES)) {
                return Status.DATA_TRANSFER_ERROR;
            }
            int pointers = goesOn ? here - 1 : here;
            for (int i = 0; i < pointers; i++) {
                long page = (long) LONG.get(list, i * ENTRY_BYTES);
                if ((page & PAGE_MASK) != 0) {
                    return Status.PRP_OFFSET_INVALID;
                }
                pages[found++] = page;
            }
            if (goesOn) {
                at = (long) LONG.get(list, pointers * ENTRY_BYTES);
                if ((at & PAGE_MASK) != 0) {
                    return Status.PRP_OFFSET_INVALID;
                }
            }
        }
        return Status.SUCCESS;
    }

    /** Writes the next bytes of the transfer to memory; false when memory refuses. */
    boolean write(byte[] from, int offset, int length) {
        for (int done = 0; done < length; ) {
            int piece = piece(length - done);
            if (!dma.write(address(), from, offset + done, piece)) {
                return false;
            }
            done += piece;
            cursor += piece;
        }
        return true;
    }

    /** Reads the next bytes of the transfer from memory; false when memory refuses. */
    boolean read(byte[] to, int offset, int length) {
        for (int done = 0; done < length; ) {
            int piece = piece(length - done);
            if (!dma.read(address(), to, offset + done, piece)) {
                return false;
            }
            done += piece;
            cursor += piece;
        }
        return true;
    }

    /** Makes the transfer go astray: its regions are where nobody mapped anything. */
    void lose() {
        for (int i = 0; i < pages.length; i++) {
            pages[i] = -1L << 48;
        }
    }

    private long address() {
        int at = firstOffset + cursor;
        return pages[at / PAGE_BYTES] + (at & PAGE_BYTES - 1);
    }

    private int piece(int rest) {
        return Math.min(rest, PAGE_BYTES - (firstOffset + cursor & PAGE_BYTES - 1));
    }
}
