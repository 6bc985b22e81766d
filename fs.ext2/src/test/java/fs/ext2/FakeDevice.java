// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.EIO;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import kernel.api.block.Bio;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockException;
import kernel.api.block.DiskLimits;
import kernel.api.context.ProcessContext;

/**
 * A disk in memory with its page cache: what a buffer holds reaches the disk when it is synced, or whenever {@link #writeSome} feels like it. The disk has a
 * volatile write cache. What it is asked to do can be recorded.
 */
final class FakeDevice implements BlockDevice {
    /** The smallest block that a file system has. */
    static final int UNIT_BYTES = 1024;

    /** One thing that reached the disk: bytes at a place, or a flush (null), or something that the test noted. */
    static final class Event {
        final long position;
        final byte[] bytes;
        final Object note;

        Event(long position, byte[] bytes, Object note) {
            this.position = position;
            this.bytes = bytes;
            this.note = note;
        }

        boolean isFlush() {
            return bytes == null && note == null;
        }
    }

    private final byte[] cache;
    private final byte[] disk;
    private final BitSet dirty = new BitSet();
    private final BitSet unreadable = new BitSet();
    private final BitSet unwritable = new BitSet();
    private final List<Event> events = new ArrayList<>();
    private final boolean writeCache;
    private int logicalBlockBytes = 512;
    private boolean recording;
    private int openBuffers;
    private int flushes;

    FakeDevice(byte[] image, boolean writeCache) {
        cache = image.clone();
        disk = image.clone();
        this.writeCache = writeCache;
    }

    static FakeDevice of(Path image) {
        try {
            return new FakeDevice(Files.readAllBytes(image), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void save(Path image) {
        try {
            Files.write(image, disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is on the disk, its write cache included. */
    byte[] disk() {
        return disk;
    }

    int openBuffers() {
        return openBuffers;
    }

    int flushes() {
        return flushes;
    }

    int dirtyUnits() {
        return dirty.cardinality();
    }

    void setLogicalBlockBytes(int bytes) {
        logicalBlockBytes = bytes;
    }

    void record() {
        recording = true;
    }

    List<Event> events() {
        return events;
    }

    void note(Object note) {
        if (recording) {
            events.add(new Event(-1, null, note));
        }
    }

    /** From now on the bytes cannot be read, unless they are in memory already, which a fake's never are. */
    void breakReading(long position, int length) {
        unreadable.set((int) (position / UNIT_BYTES), (int) ((position + length) / UNIT_BYTES));
    }

    void breakWriting(long position, int length) {
        unwritable.set((int) (position / UNIT_BYTES), (int) ((position + length) / UNIT_BYTES));
    }

    /** Writes a few of the dirty blocks, any of them, as a kernel's write-back does. */
    void writeSome(Random random, int blockBytes) {
        int units = blockBytes / UNIT_BYTES;
        List<Integer> blocks = dirtyBlocks(units);
        int count = blocks.isEmpty() ? 0 : random.nextInt(blocks.size() + 1);
        for (int i = 0; i < count; i++) {
            writeBlock(blocks.get(random.nextInt(blocks.size())), units);
        }
    }

    private List<Integer> dirtyBlocks(int units) {
        List<Integer> blocks = new ArrayList<>();
        for (int unit = dirty.nextSetBit(0); unit >= 0; unit = dirty.nextSetBit(unit + 1)) {
            int block = unit / units;
            if (blocks.isEmpty() || blocks.getLast() != block) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    /** 0 or -EIO. */
    private int writeBlock(int block, int units) {
        int first = block * units;
        if (dirty.nextSetBit(first) < 0 || dirty.nextSetBit(first) >= first + units) {
            return 0;
        }
        dirty.clear(first, first + units);
        int broken = unwritable.nextSetBit(first);
        if (broken >= 0 && broken < first + units) {
            return -EIO;
        }
        write((long) first * UNIT_BYTES, cache, first * UNIT_BYTES, units * UNIT_BYTES);
        return 0;
    }

    /** What the kernel does with a file's data: past the buffers. */
    void writeData(long position, byte[] from) {
        write(position, from, 0, from.length);
        System.arraycopy(from, 0, cache, (int) position, from.length);
    }

    byte[] readData(long position, int length) {
        byte[] bytes = new byte[length];
        System.arraycopy(disk, (int) position, bytes, 0, length);
        return bytes;
    }

    private void write(long position, byte[] from, int offset, int length) {
        System.arraycopy(from, offset, disk, (int) position, length);
        if (recording) {
            byte[] bytes = new byte[length];
            System.arraycopy(from, offset, bytes, 0, length);
            events.add(new Event(position, bytes, null));
        }
    }

    @Override
    public String name() {
        return "ram0";
    }

    @Override
    public long device() {
        return 0x100;
    }

    @Override
    public long sectors() {
        return disk.length / 512;
    }

    @Override
    public DiskLimits limits() {
        return new DiskLimits(logicalBlockBytes, logicalBlockBytes, 1 << 20, 32, 1, 0, 0, 0, writeCache, false, false);
    }

    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public Bio newBio(int maxSegments) {
        throw new AssertionError("file data are the kernel's");
    }

    @Override
    public int flush(ProcessContext context) {
        flushes++;
        if (recording) {
            events.add(new Event(-1, null, null));
        }
        return 0;
    }

    @Override
    public int discard(ProcessContext context, long sector, long count) {
        throw new AssertionError("nobody asked for that");
    }

    @Override
    public int writeZeroes(ProcessContext context, long sector, long count) {
        throw new AssertionError("nobody asked for that");
    }

    @Override
    public BlockBuffers buffers(int blockBytes) {
        if (blockBytes < logicalBlockBytes) {
            throw new AssertionError("blocks are smaller than the device's");
        }
        return new Buffers(blockBytes);
    }

    private final class Buffers implements BlockBuffers {
        private final int blockBytes;

        Buffers(int blockBytes) {
            this.blockBytes = blockBytes;
        }

        @Override
        public int blockBytes() {
            return blockBytes;
        }

        @Override
        public long blocks() {
            return cache.length / blockBytes;
        }

        @Override
        public FakeBuffer read(ProcessContext context, long block) {
            FakeBuffer buffer = open(block);
            int broken = unreadable.nextSetBit(buffer.base() / UNIT_BYTES);
            if (broken >= 0 && broken < (buffer.base() + blockBytes) / UNIT_BYTES) {
                buffer.close();
                throw new BlockException(EIO, "block " + block);
            }
            return buffer;
        }

        @Override
        public FakeBuffer create(ProcessContext context, long block) {
            FakeBuffer buffer = open(block);
            buffer.clear(0, blockBytes);
            return buffer;
        }

        private FakeBuffer open(long block) {
            if (block < 0 || block >= blocks()) {
                throw new BlockException(EIO, "block " + block);
            }
            openBuffers++;
            return new FakeBuffer(FakeDevice.this, cache, block, blockBytes);
        }

        @Override
        public void forget(ProcessContext context, long block) {
            if (block < 0 || block >= blocks()) {
                throw new AssertionError("no such block: " + block);
            }
            int units = blockBytes / UNIT_BYTES;
            dirty.clear((int) block * units, ((int) block + 1) * units);
        }

        @Override
        public int sync(ProcessContext context) {
            int error = 0;
            for (int block : dirtyBlocks(blockBytes / UNIT_BYTES)) {
                int result = writeBlock(block, blockBytes / UNIT_BYTES);
                error = error == 0 ? result : error;
            }
            return error;
        }
    }

    void bufferClosed() {
        openBuffers--;
    }

    void markDirty(int position, int length) {
        dirty.set(position / UNIT_BYTES, (position + length) / UNIT_BYTES);
    }

    int sync(int position, int length) {
        return writeBlock(position / length, length / UNIT_BYTES);
    }
}
