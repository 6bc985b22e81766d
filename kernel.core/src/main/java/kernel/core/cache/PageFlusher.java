// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.block.BlockOperation;
import kernel.api.context.ProcessContext;

/** Brings the dirty pages of a mapping to the device, in the order of the file and in large pieces (Linux: write_cache_pages, mpage_writepages). */
final class PageFlusher {
    private final FileMapping mapping;

    PageFlusher(FileMapping mapping) {
        this.mapping = mapping;
    }

    /**
     * Begins to write the dirty pages of a range of numbers.
     *
     * @param all also those that are being written already with older bytes, which is waited for; else they stay dirty
     */
    void write(ProcessContext context, long from, long to, boolean all) {
        TransferBuilder builder = new TransferBuilder(mapping.transfers(), BlockOperation.WRITE);
        CachedPage page = mapping.next(from, PageIndex.Mark.DIRTY);
        while (page != null && page.index() <= to) {
            writePage(context, builder, page, all);
            page = mapping.next(page.index() + 1, PageIndex.Mark.DIRTY);
        }
        if (page != null) {
            mapping.release(page);
        }
        builder.submit(context);
    }

    /** Takes over a reference, which goes when the page has been written. */
    private void writePage(ProcessContext context, TransferBuilder builder, CachedPage page, boolean all) {
        if (!page.tryLock()) {
            // Its holder may wait for what has been gathered.
            builder.submit(context);
            mapping.lock(context, page);
        }
        if (page.isWriteback() && all) {
            builder.submit(context);
            mapping.awaitWriteback(context, page);
        }
        int dirty = page.isRemoved() || page.isWriteback() ? 0 : mapping.beginWriteback(context, page);
        if (dirty == 0) {
            mapping.unlock(context, page);
            mapping.release(page);
            return;
        }
        page.addPiece(true);
        mapping.mapped().writeProtect(page);
        mapping.reader().zeroBehindEnd(page);
        addBlocks(context, builder, page, dirty);
        builder.endPage(context);
        mapping.unlock(context, page);
        if (page.endPiece(true)) {
            mapping.end(context, page, true);
        }
    }

    private void addBlocks(ProcessContext context, TransferBuilder builder, CachedPage page, int dirty) {
        FileBlocks blocks = mapping.blocks();
        int blockBytes = blocks.blockBytes();
        long size = blocks.sizeBytes();
        for (int offset = 0; offset < CachedPage.BYTES; offset += blockBytes) {
            int sectors = CachedPage.sectors(offset, blockBytes);
            long position = (page.index() << CachedPage.SHIFT) + offset;
            if ((dirty & sectors) == 0 || position >= size) {
                continue;
            }
            // It has a place since it was written to; one dirtied through a mapping of memory may get it here.
            long place = mapping.map(context, position / blockBytes, true);
            if (place < 0) {
                page.setError(true);
                mapping.recordError((int) place);
            } else {
                page.addPlaced(sectors);
                builder.add(context, page, offset, blockBytes, place * (blockBytes >> CachedPage.SECTOR_SHIFT));
            }
        }
    }

    /** Waits for what is being written of a range of numbers. */
    void await(ProcessContext context, long from, long to) {
        CachedPage page = mapping.next(from, PageIndex.Mark.WRITEBACK);
        while (page != null && page.index() <= to) {
            mapping.awaitWriteback(context, page);
            mapping.release(page);
            page = mapping.next(page.index() + 1, PageIndex.Mark.WRITEBACK);
        }
        if (page != null) {
            mapping.release(page);
        }
    }
}
