// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.ENOSPC;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.core.block.BufferedAccess;

/** The pages of a block device itself: what its node reads and writes, and what its file system's buffers are in (Linux: block/fops.c). */
public final class DevicePages implements BufferedAccess, FileBlocks {
    private final BlockDevice device;
    private final PageCache cache;
    private final TransferPool transfers;
    private final ReadAhead readAhead = new ReadAhead();
    private final FileMapping mapping;
    private final ConcurrentMap<Integer, DeviceBuffers> buffers = new ConcurrentHashMap<>();
    private final Dirty dirty = new Dirty() {
        @Override
        protected boolean isDirty() {
            return mapping.isDirty();
        }

        @Override
        protected void writeBack(ProcessContext context) {
            mapping.writeBack(context);
        }
    };

    DevicePages(PageCache cache, BlockDevice device) {
        this.cache = cache;
        this.device = device;
        transfers = new TransferPool(device);
        mapping = new FileMapping(cache, device.name(), this, transfers, true);
    }

    /** Its pages. */
    public FileMapping mapping() {
        return mapping;
    }

    TransferPool transfers() {
        return transfers;
    }

    @Override
    public BlockBuffers buffers(int blockBytes) {
        return buffers.computeIfAbsent(blockBytes, bytes -> new DeviceBuffers(mapping, device, bytes));
    }

    @Override
    public long read(ProcessContext context, UserBuffer buffer, long position) {
        return mapping.read(context, readAhead, buffer, position);
    }

    @Override
    public long write(ProcessContext context, UserBuffer buffer, long position) {
        long room = sizeBytes() - position;
        if (room <= 0) {
            return -ENOSPC;
        }
        UserBuffer fitting = buffer.length() <= room ? buffer : new UserBuffer(buffer.address(), room);
        return mapping.write(context, fitting, position, size -> {});
    }

    @Override
    public int sync(ProcessContext context) {
        return mapping.writeAndWait(context);
    }

    @Override
    public int sync(ProcessContext context, long from, long to) {
        return mapping.writeAndWait(context, from, to);
    }

    @Override
    public int invalidate(ProcessContext context, long from, long to) {
        // Of a page that is partly outside, what is dirty must not be lost.
        int inPage = CachedPage.BYTES - 1;
        if ((from & inPage) != 0) {
            mapping.writeAndWait(context, from, from + 1);
        }
        if ((to & inPage) != 0 && to < sizeBytes()) {
            mapping.writeAndWait(context, to, to + 1);
        }
        return mapping.drop(context, from, to);
    }

    @Override
    public int close(ProcessContext context) {
        return cache.closeDevice(context, device);
    }

    /** Forgets everything, dirty or not. May sleep. */
    void discard(ProcessContext context) {
        cache.writeback().remove(context, dirty);
        mapping.discard(context);
    }

    @Override
    public BlockDevice device() {
        return device;
    }

    @Override
    public int blockBytes() {
        return device.limits().logicalBlockBytes();
    }

    @Override
    public long sizeBytes() {
        return device.sectors() << CachedPage.SECTOR_SHIFT;
    }

    @Override
    public long map(ProcessContext context, long block, boolean create) {
        return block;
    }

    @Override
    public boolean wasNew() {
        return false;
    }

    @Override
    public void becameDirty() {
        cache.writeback().add(dirty);
    }
}
