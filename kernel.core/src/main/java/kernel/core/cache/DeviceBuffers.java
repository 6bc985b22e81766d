// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOMEM;

import kernel.api.block.BlockBuffer;
import kernel.api.block.BlockBuffers;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;

/** The pages of a device in blocks of one size. */
final class DeviceBuffers implements BlockBuffers {
    private final FileMapping mapping;
    private final BlockDevice device;
    private final int blockBytes;

    DeviceBuffers(FileMapping mapping, BlockDevice device, int blockBytes) {
        boolean fits = Integer.bitCount(blockBytes) == 1
                && blockBytes >= device.limits().logicalBlockBytes()
                && blockBytes <= CachedPage.BYTES;
        if (!fits) {
            throw new IllegalArgumentException(device.name() + ": no blocks of " + blockBytes + " bytes");
        }
        this.mapping = mapping;
        this.device = device;
        this.blockBytes = blockBytes;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long blocks() {
        return (device.sectors() << CachedPage.SECTOR_SHIFT) / blockBytes;
    }

    @Override
    public BlockBuffer read(ProcessContext context, long block) {
        check(block);
        CachedPage page = mapping.find(number(block));
        if (page == null || (page.upToDate() & sectors(block)) != sectors(block)) {
            if (page != null) {
                mapping.release(page);
            }
            page = mapping.reader().page(context, number(block));
        }
        return buffer(page, block);
    }

    @Override
    public BlockBuffer create(ProcessContext context, long block) {
        check(block);
        while (true) {
            CachedPage page = mapping.findOrAdd(context, number(block));
            if (page == null) {
                throw new BlockException(ENOMEM, text(block));
            }
            mapping.lock(context, page);
            boolean gone = page.isRemoved();
            if (!gone) {
                mapping.memory().fill(page.physicalAddress() + offset(block), blockBytes, (byte) 0);
                page.addUpToDate(sectors(block));
            }
            mapping.unlock(context, page);
            if (!gone) {
                return buffer(page, block);
            }
            mapping.release(page);
        }
    }

    private BlockBuffer buffer(CachedPage page, long block) {
        if (page == null) {
            throw new BlockException(ENOMEM, text(block));
        }
        if ((page.upToDate() & sectors(block)) != sectors(block)) {
            mapping.release(page);
            throw new BlockException(device.isGone() ? ENODEV : EIO, text(block));
        }
        page.touch();
        return new CachedBuffer(mapping, page, block, offset(block), blockBytes);
    }

    @Override
    public void forget(ProcessContext context, long block) {
        check(block);
        CachedPage page = mapping.find(number(block));
        if (page == null) {
            return;
        }
        mapping.lock(context, page);
        // What is on its way must arrive before other bytes are sent to the same place.
        mapping.awaitWriteback(context, page);
        if (!page.isRemoved()) {
            mapping.clearDirty(page, sectors(block));
        }
        mapping.unlock(context, page);
        mapping.release(page);
    }

    @Override
    public int sync(ProcessContext context) {
        return mapping.writeAndWait(context);
    }

    private void check(long block) {
        if (block < 0 || block >= blocks()) {
            throw new BlockException(EIO, text(block));
        }
    }

    private long number(long block) {
        return (block * blockBytes) >>> CachedPage.SHIFT;
    }

    private int offset(long block) {
        return (int) (block * blockBytes & CachedPage.BYTES - 1);
    }

    private int sectors(long block) {
        return CachedPage.sectors(offset(block), blockBytes);
    }

    private String text(long block) {
        return device.name() + ": block " + block;
    }
}
