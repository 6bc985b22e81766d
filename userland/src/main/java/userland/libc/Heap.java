// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import kernel.uapi.Errno;
import kernel.uapi.Limits;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;

/**
 * malloc and free over brk(2). The blocks lie one behind the other from the start of the heap to the break, each behind a header in user
 * memory, so that fork copies the allocator's state along with the data, and a program that writes past its block damages the next one.
 *
 * <pre>
 *   address - 16              address - 8            address
 *  +-------------------------+----------------------+---------------
 *  | size with header | used | address ^ MAGIC      | the block ...
 *  +-------------------------+----------------------+---------------
 * </pre>
 *
 * First fit, neighbours that are free are joined on the way: programs here hold a handful of buffers.
 */
public final class Heap {
    private static final int HEADER_BYTES = 16;
    private static final int BLOCK_BYTES_MIN = 32;
    private static final long USED = 1;
    private static final long MAGIC = 0x5562_656e_6448_6561L;
    /** The break moves in steps of this; pages that nobody touches cost nothing. */
    private static final long GROWTH_BYTES = 32L * Limits.PAGE_SIZE;

    private static final long BLOCK_BYTES_MAX = 1L << 40;

    private final UserProcessor processor;
    /** Zero until the first block is wanted: {@code true} never asks for memory. */
    private long start;

    private long end;

    Heap(UserProcessor processor) {
        this.processor = processor;
    }

    /** The heap of a forked child: the same addresses, in the child's own memory. */
    Heap(UserProcessor processor, Heap parent) {
        this.processor = processor;
        this.start = parent.start;
        this.end = parent.end;
    }

    /**
     * A block of at least that many bytes, aligned to 16.
     *
     * @throws SystemCallException ENOMEM
     */
    public long malloc(long sizeBytes) {
        if (sizeBytes < 0 || sizeBytes > BLOCK_BYTES_MAX) {
            throw SystemCallException.of(Errno.ENOMEM, "malloc", null);
        }
        long need = Math.max(BLOCK_BYTES_MIN, alignUp(sizeBytes + HEADER_BYTES, HEADER_BYTES));
        if (start == 0) {
            start = alignUp(brk(0), HEADER_BYTES);
            end = start;
        }
        long last = 0;
        for (long block = start; block < end; block += size(block)) {
            if (!used(block)) {
                join(block);
                if (size(block) >= need) {
                    return take(block, need);
                }
            }
            last = block;
        }
        return take(grow(last, need), need);
    }

    /** Gives a block back; zero is no block and fine. A pointer that malloc never gave, or a block that is free already, ends the program. */
    public void free(long address) {
        if (address == 0) {
            return;
        }
        long block = address - HEADER_BYTES;
        if (start == 0 || block < start || block >= end || processor.loadLong(block + 8) != (address ^ MAGIC)) {
            throw new IllegalStateException("free(): invalid pointer");
        }
        if (!used(block)) {
            throw new IllegalStateException("free(): double free detected");
        }
        setHeader(block, size(block), 0);
    }

    /** Moves the break and answers where it is; zero asks. The kernel answers the old break when it cannot. */
    private long brk(long address) {
        return processor.trap(SystemCallNumber.BRK, address, 0, 0, 0, 0, 0);
    }

    /** Makes room for a block at the end, out of the last one if that is free. */
    private long grow(long last, long need) {
        boolean extend = last != 0 && !used(last);
        long block = extend ? last : end;
        long wanted = block + need;
        if (brk(Math.max(wanted, end + GROWTH_BYTES)) < wanted && brk(wanted) < wanted) {
            throw SystemCallException.of(Errno.ENOMEM, "malloc", null);
        }
        long newEnd = brk(0) & -HEADER_BYTES;
        setHeader(block, newEnd - block, 0);
        end = newEnd;
        return block;
    }

    private long take(long block, long need) {
        long rest = size(block) - need;
        if (rest >= BLOCK_BYTES_MIN) {
            setHeader(block + need, rest, 0);
            setHeader(block, need, USED);
        } else {
            setHeader(block, size(block), USED);
        }
        return block + HEADER_BYTES;
    }

    /** Joins a free block with the free ones behind it. */
    private void join(long block) {
        long size = size(block);
        while (block + size < end && !used(block + size)) {
            size += size(block + size);
        }
        if (size != size(block)) {
            setHeader(block, size, 0);
        }
    }

    private void setHeader(long block, long size, long flag) {
        processor.storeLong(block, size | flag);
        processor.storeLong(block + 8, block + HEADER_BYTES ^ MAGIC);
    }

    private long size(long block) {
        long size = processor.loadLong(block) & ~USED;
        if (size < BLOCK_BYTES_MIN || size > end - block) {
            throw new IllegalStateException("malloc(): corrupted top size");
        }
        return size;
    }

    private boolean used(long block) {
        return (processor.loadLong(block) & USED) != 0;
    }

    static long alignUp(long value, long alignment) {
        return value + alignment - 1 & -alignment;
    }
}
