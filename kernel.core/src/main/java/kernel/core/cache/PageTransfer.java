// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import java.util.Arrays;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;

/** A bio with the pages that its pieces belong to. Used again and again, by one task or completion at a time. */
final class PageTransfer implements Bio.Handler {
    private final TransferPool pool;
    private final Bio bio;
    private final CachedPage[] pages;
    private final int[] sectors;
    private int count;

    PageTransfer(TransferPool pool, Bio bio, int piecesMax) {
        this.pool = pool;
        this.bio = bio;
        pages = new CachedPage[piecesMax];
        sectors = new int[piecesMax];
    }

    void begin(BlockOperation operation, long sector) {
        bio.reset(operation, sector, 0).onCompletion(this);
        count = 0;
    }

    /** Adds a piece of a page; false when there is no room. */
    boolean add(CachedPage page, int offset, int length) {
        if (count == pages.length || !bio.add(page.physicalAddress() + offset, length)) {
            return false;
        }
        page.addPiece(bio.operation().isWrite());
        pages[count] = page;
        sectors[count] = CachedPage.sectors(offset, length);
        count++;
        return true;
    }

    void submit(ProcessContext context) {
        bio.submit(context);
    }

    @Override
    public void completed(Context context, Bio ended) {
        boolean isWrite = ended.operation().isWrite();
        int error = ended.error();
        for (int i = 0; i < count; i++) {
            pages[i].mapping().transferred(context, pages[i], sectors[i], isWrite, error);
        }
        Arrays.fill(pages, 0, count, null);
        count = 0;
        pool.give(this);
    }
}
