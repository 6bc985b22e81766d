// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.ENOSPC;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.core.Kernel;

/** A file whose blocks lie anywhere on a disk. */
final class TestFile extends Dirty implements FileBlocks {
    final FileMapping mapping;
    final Map<Long, Long> places = new TreeMap<>();
    final List<Long> free = new ArrayList<>();
    long size;
    boolean isMapping;
    private final Kernel kernel;
    private final MemoryDisk disk;
    private final int blockBytes;
    private boolean wasNew;

    TestFile(Kernel kernel, MemoryDisk disk, int blockBytes, int firstBlock, int blocks, Random shuffle) {
        this.kernel = kernel;
        this.disk = disk;
        this.blockBytes = blockBytes;
        for (long block = firstBlock; block < firstBlock + blocks; block++) {
            free.add(block);
        }
        if (shuffle != null) {
            Collections.shuffle(free, shuffle);
        }
        mapping = kernel.pageCache().newMapping("file", this);
    }

    @Override
    public BlockDevice device() {
        return disk;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long sizeBytes() {
        return size;
    }

    @Override
    public long map(ProcessContext context, long block, boolean create) {
        if (isMapping) {
            throw new AssertionError("two tasks map at once");
        }
        isMapping = true;
        try {
            context.yieldProcessor();
            wasNew = false;
            Long place = places.get(block);
            if (place == null && create) {
                if (free.isEmpty()) {
                    return -ENOSPC;
                }
                place = free.removeFirst();
                places.put(block, place);
                wasNew = true;
            }
            return place == null ? HOLE : place;
        } finally {
            isMapping = false;
        }
    }

    @Override
    public boolean wasNew() {
        return wasNew;
    }

    @Override
    public void becameDirty() {
        kernel.pageCache().writeback().add(this);
    }

    @Override
    protected boolean isDirty() {
        return mapping.isDirty();
    }

    @Override
    protected void writeBack(ProcessContext context) {
        mapping.writeBack(context);
    }

    // ---- what a file system does

    long write(ProcessContext context, byte[] bytes, int offset, int length, long position) {
        return mapping.write(
                context, new KernelBuffer(bytes, offset, length), position, end -> size = Math.max(size, end));
    }

    long read(ProcessContext context, ReadAhead readAhead, byte[] to, int length, long position) {
        return mapping.read(context, readAhead, new KernelBuffer(to, 0, length), position);
    }

    int resize(ProcessContext context, long newSize) {
        int error = newSize > size ? mapping.zeroBehind(context, size) : 0;
        boolean shrinks = newSize < size;
        size = newSize;
        if (shrinks) {
            error = mapping.truncate(context, newSize);
            mapping.withBlocksLocked(context, () -> {
                long kept = (newSize + blockBytes - 1) / blockBytes;
                places.entrySet().removeIf(entry -> {
                    boolean freed = entry.getKey() >= kept;
                    if (freed) {
                        free.add(entry.getValue());
                    }
                    return freed;
                });
                return 0;
            });
        }
        return error;
    }

    /** What is on the disk. */
    byte[] stored() {
        byte[] content = new byte[(int) size];
        places.forEach((block, place) -> {
            long start = block * blockBytes;
            if (start < size) {
                int length = (int) Math.min(blockBytes, size - start);
                System.arraycopy(disk.bytes, (int) (place * blockBytes), content, (int) start, length);
            }
        });
        return content;
    }
}
