// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import kernel.api.block.BlockBuffer;
import kernel.api.context.ProcessContext;

/** A block of a {@link FakeDevice}. To use it beyond its end or after it was given up is a bug. */
final class FakeBuffer implements BlockBuffer {
    private final FakeDevice device;
    private final byte[] cache;
    private final ByteBuffer values;
    private final long block;
    private final int blockBytes;
    private boolean closed;

    FakeBuffer(FakeDevice device, byte[] cache, long block, int blockBytes) {
        this.device = device;
        this.cache = cache;
        this.block = block;
        this.blockBytes = blockBytes;
        values = ByteBuffer.wrap(cache, base(), blockBytes).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    int base() {
        return (int) (block * blockBytes);
    }

    private ByteBuffer values() {
        if (closed) {
            throw new AssertionError("used after it was given up: block " + block);
        }
        return values;
    }

    @Override
    public long block() {
        return block;
    }

    @Override
    public byte get(int offset) {
        return values().get(offset);
    }

    @Override
    public short getShort(int offset) {
        return values().getShort(offset);
    }

    @Override
    public int getInt(int offset) {
        return values().getInt(offset);
    }

    @Override
    public void put(int offset, byte value) {
        values().put(offset, value);
    }

    @Override
    public void putShort(int offset, short value) {
        values().putShort(offset, value);
    }

    @Override
    public void putInt(int offset, int value) {
        values().putInt(offset, value);
    }

    @Override
    public void read(int offset, byte[] to, int toOffset, int length) {
        values().get(offset, to, toOffset, length);
    }

    @Override
    public void write(int offset, byte[] from, int fromOffset, int length) {
        values().put(offset, from, fromOffset, length);
    }

    @Override
    public void clear(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, blockBytes);
        Arrays.fill(cache, base() + offset, base() + offset + length, (byte) 0);
    }

    @Override
    public void markDirty() {
        values();
        device.markDirty(base(), blockBytes);
    }

    @Override
    public int sync(ProcessContext context) {
        values();
        return device.sync(base(), blockBytes);
    }

    @Override
    public void close() {
        if (closed) {
            throw new AssertionError("given up twice: block " + block);
        }
        closed = true;
        device.bufferClosed();
    }
}
