// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.block.BlockOperation;
import kernel.api.context.ProcessContext;

/** Gathers pieces of pages that adjoin on the device into as few transfers as possible. For one task, for one go. */
final class TransferBuilder {
    private final TransferPool pool;
    private final BlockOperation operation;
    private PageTransfer transfer;
    private long nextSector;
    // The piece at the end, which may still grow.
    private CachedPage page;
    private int offset;
    private int length;
    private long sector;

    TransferBuilder(TransferPool pool, BlockOperation operation) {
        this.pool = pool;
        this.operation = operation;
    }

    /** Adds a piece of a page, at that sector of the device. May submit what came before. */
    void add(ProcessContext context, CachedPage newPage, int newOffset, int newLength, long newSector) {
        boolean grows = newPage == page
                && newOffset == offset + length
                && newSector == sector + (length >> CachedPage.SECTOR_SHIFT);
        if (grows) {
            length += newLength;
            return;
        }
        closePiece(context);
        page = newPage;
        offset = newOffset;
        length = newLength;
        sector = newSector;
    }

    private void closePiece(ProcessContext context) {
        if (page == null) {
            return;
        }
        boolean adjoins = transfer != null && sector == nextSector;
        if (!adjoins || !transfer.add(page, offset, length)) {
            submitTransfer(context);
            transfer = pool.take();
            transfer.begin(operation, sector);
            if (!transfer.add(page, offset, length)) {
                throw new IllegalStateException("a bio has no room for one piece");
            }
        }
        nextSector = sector + (length >> CachedPage.SECTOR_SHIFT);
        page = null;
    }

    private void submitTransfer(ProcessContext context) {
        if (transfer != null) {
            PageTransfer ready = transfer;
            transfer = null;
            ready.submit(context);
        }
    }

    /** The piece at the end grows no more: its page is not this task's alone from now on. */
    void endPage(ProcessContext context) {
        closePiece(context);
    }

    /** Sends what has been gathered. May sleep. */
    void submit(ProcessContext context) {
        closePiece(context);
        submitTransfer(context);
    }
}
