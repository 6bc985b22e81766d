// SPDX-License-Identifier: Apache-2.0
package kernel.core.dma;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import kernel.api.dma.CoherentMemory;
import kernel.api.memory.KernelMemory;

/** Coherent memory: pages of the kernel that are mapped for one device as long as they are allocated. */
final class CoherentBuffer implements CoherentMemory {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED_INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final DeviceDma dma;
    private final KernelMemory pages;
    private final long busAddress;

    CoherentBuffer(DeviceDma dma, KernelMemory pages, long busAddress) {
        this.dma = dma;
        this.pages = pages;
        this.busAddress = busAddress;
    }

    DeviceDma dma() {
        return dma;
    }

    KernelMemory pages() {
        return pages;
    }

    /** An oops when it has been freed. */
    private MemorySegment segment() {
        return pages.segment();
    }

    @Override
    public long busAddress() {
        return busAddress;
    }

    @Override
    public long sizeBytes() {
        return pages.sizeBytes();
    }

    @Override
    public int getInt(long offset) {
        return segment().get(INT, offset);
    }

    @Override
    public void putInt(long offset, int value) {
        segment().set(INT, offset, value);
    }

    @Override
    public long getLong(long offset) {
        return segment().get(LONG, offset);
    }

    @Override
    public void putLong(long offset, long value) {
        segment().set(LONG, offset, value);
    }

    @Override
    public int getIntAcquire(long offset) {
        return (int) ORDERED_INT.getAcquire(segment(), offset);
    }

    @Override
    public void putIntRelease(long offset, int value) {
        ORDERED_INT.setRelease(segment(), offset, value);
    }

    @Override
    public void read(long offset, byte[] to, int toOffset, int length) {
        Objects.checkFromIndexSize(toOffset, length, to.length);
        MemorySegment.copy(segment(), ValueLayout.JAVA_BYTE, offset, to, toOffset, length);
    }

    @Override
    public void write(long offset, byte[] from, int fromOffset, int length) {
        Objects.checkFromIndexSize(fromOffset, length, from.length);
        MemorySegment.copy(from, fromOffset, segment(), ValueLayout.JAVA_BYTE, offset, length);
    }

    @Override
    public void clear(long offset, long length) {
        segment().asSlice(offset, length).fill((byte) 0);
    }
}
