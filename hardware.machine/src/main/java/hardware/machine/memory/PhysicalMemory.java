// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The machine's physical memory: frames of 4 KiB, numbered from 0, all zero when it is switched on.
 *
 * <p>A frame costs nothing until it is first touched; then it is an array on the heap, and {@link #discard} gives it
 * back. Physical addresses run from 0 to {@link #sizeBytes()}; multi-byte values are little-endian.
 *
 * <p>Thread-safe as memory is: every access by itself is, and only the acquire and release accesses order anything.
 */
public final class PhysicalMemory {
    /** log2 of {@link #FRAME_BYTES}. */
    public static final int FRAME_SHIFT = 12;
    /** The size of a frame, and of a page, in bytes. */
    public static final int FRAME_BYTES = 1 << FRAME_SHIFT;

    private static final int OFFSET_MASK = FRAME_BYTES - 1;
    private static final int BLOCK_SHIFT = 11;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int FRAME_LONGS = FRAME_BYTES / Long.BYTES;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED_INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ORDERED_LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle BLOCK = MethodHandles.arrayElementVarHandle(MemorySegment[][].class);
    private static final VarHandle FRAME = MethodHandles.arrayElementVarHandle(MemorySegment[].class);

    private final long sizeBytes;
    private final MemorySegment[][] blocks;

    /**
     * Memory of that size, none of it touched.
     *
     * @param bytes a positive multiple of {@link #FRAME_BYTES}
     */
    public PhysicalMemory(long bytes) {
        if (bytes <= 0 || (bytes & OFFSET_MASK) != 0) {
            throw new IllegalArgumentException("memory comes in frames of " + FRAME_BYTES + " bytes, not " + bytes);
        }
        sizeBytes = bytes;
        blocks = new MemorySegment[Math.toIntExact((frameCount() + BLOCK_FRAMES - 1) >>> BLOCK_SHIFT)][];
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** How many frames there are; the last has the number one below it. */
    public long frameCount() {
        return sizeBytes >>> FRAME_SHIFT;
    }

    /**
     * The bytes of a frame, which is backed now if it was not. The segment stays the frame's until the frame is
     * discarded; a segment kept longer is memory of nobody.
     *
     * @throws IllegalArgumentException a bus error: there is no such frame
     */
    public MemorySegment frame(long frameNumber) {
        if (frameNumber >>> 51 != 0 || frameNumber << FRAME_SHIFT >= sizeBytes) {
            throw busError(frameNumber << FRAME_SHIFT, FRAME_BYTES);
        }
        MemorySegment[] block = (MemorySegment[]) BLOCK.getAcquire(blocks, (int) (frameNumber >>> BLOCK_SHIFT));
        if (block != null) {
            MemorySegment frame = (MemorySegment) FRAME.getAcquire(block, (int) frameNumber & BLOCK_FRAMES - 1);
            if (frame != null) {
                return frame;
            }
        }
        return touch(frameNumber);
    }

    /**
     * Backs neighbouring frames by one piece of memory and answers the whole of it, so that software may see a
     * physically contiguous buffer as one segment. The caller owns the frames: their contents are zero afterwards, and
     * segments of them that were handed out before are theirs no longer.
     *
     * @throws IllegalArgumentException a bus error: there are not so many frames, or {@code count} is not positive
     */
    public MemorySegment contiguous(long firstFrame, int count) {
        if (count <= 0 || firstFrame < 0 || firstFrame > frameCount() - count) {
            throw busError(firstFrame << FRAME_SHIFT, (long) count << FRAME_SHIFT);
        }
        if (count == 1) {
            return frame(firstFrame).fill((byte) 0);
        }
        MemorySegment whole = MemorySegment.ofArray(new long[Math.multiplyExact(count, FRAME_LONGS)]);
        for (int i = 0; i < count; i++) {
            long number = firstFrame + i;
            FRAME.setRelease(
                    block(number),
                    (int) number & BLOCK_FRAMES - 1,
                    whole.asSlice((long) i << FRAME_SHIFT, FRAME_BYTES, Long.BYTES));
        }
        return whole;
    }

    /**
     * Gives a frame's backing back; the next touch finds it zero. The caller knows that nobody uses the frame: writes
     * through a segment of before are lost.
     */
    public void discard(long frameNumber) {
        if (frameNumber < 0 || frameNumber >= frameCount()) {
            throw busError(frameNumber << FRAME_SHIFT, FRAME_BYTES);
        }
        MemorySegment[] block = (MemorySegment[]) BLOCK.getAcquire(blocks, (int) (frameNumber >>> BLOCK_SHIFT));
        if (block != null) {
            FRAME.setRelease(block, (int) frameNumber & BLOCK_FRAMES - 1, null);
        }
    }

    /** How many frames are backed now: what of the host's memory this memory costs. Walks all of them; for checks. */
    public long backedFrames() {
        long count = 0;
        for (int i = 0; i < blocks.length; i++) {
            MemorySegment[] block = (MemorySegment[]) BLOCK.getAcquire(blocks, i);
            for (int j = 0; block != null && j < BLOCK_FRAMES; j++) {
                count += FRAME.getAcquire(block, j) == null ? 0 : 1;
            }
        }
        return count;
    }

    /**
     * Reads bytes, across frames.
     *
     * @throws IllegalArgumentException a bus error: part of the range is beyond the end; nothing was read
     */
    public void read(long physicalAddress, byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        check(physicalAddress, length);
        for (int done = 0; done < length; ) {
            long address = physicalAddress + done;
            int piece = pieceAt(address, length - done);
            MemorySegment.copy(
                    frame(address >>> FRAME_SHIFT),
                    ValueLayout.JAVA_BYTE,
                    address & OFFSET_MASK,
                    to,
                    offset + done,
                    piece);
            done += piece;
        }
    }

    /**
     * Writes bytes, across frames.
     *
     * @throws IllegalArgumentException a bus error: part of the range is beyond the end; nothing was written
     */
    public void write(long physicalAddress, byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        check(physicalAddress, length);
        for (int done = 0; done < length; ) {
            long address = physicalAddress + done;
            int piece = pieceAt(address, length - done);
            MemorySegment.copy(
                    from,
                    offset + done,
                    frame(address >>> FRAME_SHIFT),
                    ValueLayout.JAVA_BYTE,
                    address & OFFSET_MASK,
                    piece);
            done += piece;
        }
    }

    /**
     * Sets a range of bytes to one value, across frames.
     *
     * @throws IllegalArgumentException a bus error: part of the range is beyond the end; nothing was written
     */
    public void fill(long physicalAddress, long length, byte value) {
        check(physicalAddress, length);
        for (long done = 0; done < length; ) {
            long address = physicalAddress + done;
            int piece = pieceAt(address, length - done);
            frame(address >>> FRAME_SHIFT).asSlice(address & OFFSET_MASK, piece).fill(value);
            done += piece;
        }
    }

    /** Reads an int at any alignment, without ordering; it may tear where it crosses a frame. */
    public int getInt(long physicalAddress) {
        check(physicalAddress, Integer.BYTES);
        long offset = physicalAddress & OFFSET_MASK;
        if (offset <= FRAME_BYTES - Integer.BYTES) {
            return frame(physicalAddress >>> FRAME_SHIFT).get(INT, offset);
        }
        return (int) assemble(physicalAddress, Integer.BYTES);
    }

    /** Writes an int at any alignment, without ordering; it may tear where it crosses a frame. */
    public void putInt(long physicalAddress, int value) {
        check(physicalAddress, Integer.BYTES);
        long offset = physicalAddress & OFFSET_MASK;
        if (offset <= FRAME_BYTES - Integer.BYTES) {
            frame(physicalAddress >>> FRAME_SHIFT).set(INT, offset, value);
        } else {
            scatter(physicalAddress, value, Integer.BYTES);
        }
    }

    /** Reads a long at any alignment, without ordering; it may tear where it crosses a frame. */
    public long getLong(long physicalAddress) {
        check(physicalAddress, Long.BYTES);
        long offset = physicalAddress & OFFSET_MASK;
        if (offset <= FRAME_BYTES - Long.BYTES) {
            return frame(physicalAddress >>> FRAME_SHIFT).get(LONG, offset);
        }
        return assemble(physicalAddress, Long.BYTES);
    }

    /** Writes a long at any alignment, without ordering; it may tear where it crosses a frame. */
    public void putLong(long physicalAddress, long value) {
        check(physicalAddress, Long.BYTES);
        long offset = physicalAddress & OFFSET_MASK;
        if (offset <= FRAME_BYTES - Long.BYTES) {
            frame(physicalAddress >>> FRAME_SHIFT).set(LONG, offset, value);
        } else {
            scatter(physicalAddress, value, Long.BYTES);
        }
    }

    /** Reads an aligned int; what its writer wrote before releasing it is visible afterwards. */
    public int getIntAcquire(long physicalAddress) {
        checkAligned(physicalAddress, Integer.BYTES);
        return (int) ORDERED_INT.getAcquire(frame(physicalAddress >>> FRAME_SHIFT), physicalAddress & OFFSET_MASK);
    }

    /** Writes an aligned int; whoever acquires it sees all that was written before. */
    public void putIntRelease(long physicalAddress, int value) {
        checkAligned(physicalAddress, Integer.BYTES);
        ORDERED_INT.setRelease(frame(physicalAddress >>> FRAME_SHIFT), physicalAddress & OFFSET_MASK, value);
    }

    /** Reads an aligned long; what its writer wrote before releasing it is visible afterwards. */
    public long getLongAcquire(long physicalAddress) {
        checkAligned(physicalAddress, Long.BYTES);
        return (long) ORDERED_LONG.getAcquire(frame(physicalAddress >>> FRAME_SHIFT), physicalAddress & OFFSET_MASK);
    }

    /** Writes an aligned long; whoever acquires it sees all that was written before. */
    public void putLongRelease(long physicalAddress, long value) {
        checkAligned(physicalAddress, Long.BYTES);
        ORDERED_LONG.setRelease(frame(physicalAddress >>> FRAME_SHIFT), physicalAddress & OFFSET_MASK, value);
    }

    /** Whether all of the range is memory. */
    public boolean contains(long physicalAddress, long length) {
        return physicalAddress >= 0 && length >= 0 && physicalAddress <= sizeBytes - length;
    }

    private MemorySegment touch(long frameNumber) {
        MemorySegment fresh = MemorySegment.ofArray(new long[FRAME_LONGS]);
        Object winner = FRAME.compareAndExchange(
                block(frameNumber), (int) frameNumber & BLOCK_FRAMES - 1, (MemorySegment) null, fresh);
        return winner == null ? fresh : (MemorySegment) winner;
    }

    private MemorySegment[] block(long frameNumber) {
        int index = (int) (frameNumber >>> BLOCK_SHIFT);
        MemorySegment[] block = (MemorySegment[]) BLOCK.getAcquire(blocks, index);
        if (block != null) {
            return block;
        }
        MemorySegment[] fresh = new MemorySegment[BLOCK_FRAMES];
        Object winner = BLOCK.compareAndExchange(blocks, index, (MemorySegment[]) null, fresh);
        return winner == null ? fresh : (MemorySegment[]) winner;
    }

    private long assemble(long physicalAddress, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            long address = physicalAddress + i;
            byte next = frame(address >>> FRAME_SHIFT).get(ValueLayout.JAVA_BYTE, address & OFFSET_MASK);
            value = (value << Byte.SIZE) | Byte.toUnsignedLong(next);
        }
        return value;
    }

    private void scatter(long physicalAddress, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            long address = physicalAddress + i;
            frame(address >>> FRAME_SHIFT)
                    .set(ValueLayout.JAVA_BYTE, address & OFFSET_MASK, (byte) (value >>> (Byte.SIZE * i)));
        }
    }

    private static int pieceAt(long address, long rest) {
        return (int) Math.min(rest, FRAME_BYTES - (address & OFFSET_MASK));
    }

    private void check(long physicalAddress, long length) {
        if (!contains(physicalAddress, length)) {
            throw busError(physicalAddress, length);
        }
    }

    private void checkAligned(long physicalAddress, int bytes) {
        check(physicalAddress, bytes);
        if ((physicalAddress & bytes - 1) != 0) {
            throw new IllegalArgumentException(
                    "bus error: physical address 0x%x is not aligned to %d bytes".formatted(physicalAddress, bytes));
        }
    }

    private IllegalArgumentException busError(long physicalAddress, long length) {
        return new IllegalArgumentException("bus error: %d bytes at physical address 0x%x, memory ends at 0x%x"
                .formatted(length, physicalAddress, sizeBytes));
    }
}
