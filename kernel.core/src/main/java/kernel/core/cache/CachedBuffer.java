// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import kernel.api.block.BlockBuffer;
import kernel.api.context.ProcessContext;

/** A block within a page of its device, with a reference to that. */
final class CachedBuffer implements BlockBuffer {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final FileMapping mapping;
    private final CachedPage page;
    private final long block;
    private final int start;
    private final int bytes;
    private final MemorySegment memory;
    private boolean closed;

    /** Takes over a reference. */
    CachedBuffer(FileMapping mapping, CachedPage page, long block, int start, int bytes) {
        this.mapping = mapping;
        this.page = page;
        this.block = block;
        this.start = start;
        this.bytes = bytes;
        memory = mapping.memory().frame(page.frame()).asSlice(start, bytes);
    }

    @Override
    public long block() {
        return block;
    }

    @Override
    public byte get(int offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset);
    }

    @Override
    public short getShort(int offset) {
        return memory.get(SHORT, offset);
    }

    @Override
    public int getInt(int offset) {
        return memory.get(INT, offset);
    }

    @Override
    public void put(int offset, byte value) {
        memory.set(ValueLayout.JAVA_BYTE, offset, value);
    }

    @Override
    public void putShort(int offset, short value) {
        memory.set(SHORT, offset, value);
    }

    @Override
    public void putInt(int offset, int value) {
        memory.set(INT, offset, value);
    }

    @Override
    public void read(int offset, byte[] to, int toOffset, int length) {
        Objects.checkFromIndexSize(toOffset, length, to.length);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, to, toOffset, length);
    }

    @Override
    public void write(int offset, byte[] from, int fromOffset, int length) {
        Objects.checkFromIndexSize(fromOffset, length, from.length);
        MemorySegment.copy(from, fromOffset, memory, ValueLayout.JAVA_BYTE, offset, length);
    }

    @Override
    public void clear(int offset, int length) {
        memory.asSlice(offset, length).fill((byte) 0);
    }

    @Override
    public void markDirty() {
        mapping.markDirty(page, CachedPage.sectors(start, bytes));
    }

    @Override
    public int sync(ProcessContext context) {
        long from = page.index() << CachedPage.SHIFT;
        return mapping.writeAndWait(context, from, from + CachedPage.BYTES);
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("block " + block + " of " + mapping + " was released already");
        }
        closed = true;
        mapping.release(page);
    }

    @Override
    public String toString() {
        return "block " + block + " of " + mapping;
    }
}
