// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.context.ProcessContext;
import kernel.core.memory.FilePager;
import kernel.core.memory.ReverseMap;

/** The pages of a file as programs have them in their memory: the very pages that read and write use (Linux: filemap_fault, filemap_page_mkwrite). */
final class MappedPages implements FilePager {
    private final FileMapping mapping;
    private final ReverseMap reverse = new ReverseMap();

    MappedPages(FileMapping mapping) {
        this.mapping = mapping;
    }

    @Override
    public ReverseMap mappings() {
        return reverse;
    }

    private boolean isBehindEnd(long offset) {
        return offset >= mapping.blocks().sizeBytes();
    }

    @Override
    public long fault(ProcessContext context, long offset, boolean write) {
        if (isBehindEnd(offset)) {
            return BUS_ERROR;
        }
        CachedPage page = mapping.reader().page(context, offset >>> CachedPage.SHIFT);
        if (page == null) {
            return NO_MEMORY;
        }
        try {
            // It may have been cut meanwhile.
            if (!page.isUpToDate() || isBehindEnd(offset)) {
                return BUS_ERROR;
            }
            page.touch();
            mapping.cache().allocator().get(page.frame());
            return page.physicalAddress();
        } finally {
            mapping.release(page);
        }
    }

    @Override
    public long makeWritable(ProcessContext context, long offset, long physicalAddress) {
        CachedPage page = mapping.find(offset >>> CachedPage.SHIFT);
        if (page == null) {
            return BUS_ERROR;
        }
        mapping.lock(context, page);
        try {
            if (page.isRemoved() || page.physicalAddress() != physicalAddress || isBehindEnd(offset)) {
                return BUS_ERROR;
            }
            return place(context, page);
        } finally {
            mapping.unlock(context, page);
            mapping.release(page);
            mapping.cache().balanceDirty(context);
        }
    }

    /** Gives each block of the page its place now: later there is nobody to tell that the disk is full. */
    private long place(ProcessContext context, CachedPage page) {
        int blockBytes = mapping.blocks().blockBytes();
        long start = page.index() << CachedPage.SHIFT;
        int dirty = 0;
        for (int at = 0; at < CachedPage.BYTES && !isBehindEnd(start + at); at += blockBytes) {
            int sectors = CachedPage.sectors(at, blockBytes);
            if ((page.placed() & sectors) != sectors) {
                if (mapping.map(context, (start + at) / blockBytes, true) < 0) {
                    return BUS_ERROR;
                }
                page.addPlaced(sectors);
            }
            dirty |= sectors;
        }
        mapping.blocks().mappedPageWritten(context);
        mapping.markDirty(page, dirty);
        return 0;
    }

    @Override
    public void dirtied(long offset, long physicalAddress) {
        CachedPage page = mapping.find(offset >>> CachedPage.SHIFT);
        if (page != null) {
            if (page.physicalAddress() == physicalAddress) {
                mapping.markDirty(page, CachedPage.ALL);
            }
            mapping.release(page);
        }
    }

    @Override
    public int sync(ProcessContext context, long offset, long bytes) {
        int error = mapping.writeAndWait(context, offset, offset + bytes);
        int rest = mapping.blocks().syncRest(context);
        return error != 0 ? error : rest;
    }

    /** The page is not the file's any more; private copies stay, unless the file was cut there. */
    void takeAway(CachedPage page, boolean evenCopies) {
        if (!reverse.isEmpty()) {
            reverse.unmap(page.index() << CachedPage.SHIFT, CachedPage.BYTES, evenCopies);
        }
    }

    /** The page is clean: whoever writes to it says so before. */
    void writeProtect(CachedPage page) {
        if (!reverse.isEmpty()) {
            reverse.writeProtect(page.index() << CachedPage.SHIFT, CachedPage.BYTES);
        }
    }
}
