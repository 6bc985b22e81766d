// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EBUSY;

import kernel.api.context.ProcessContext;

/** Takes pages out of a mapping (Linux: mm/truncate.c). */
final class PageDropper {
    private final FileMapping mapping;

    PageDropper(FileMapping mapping) {
        this.mapping = mapping;
    }

    /** Drops a range of numbers, dirty or not, after what is under way has ended. Whether all went. */
    boolean drop(ProcessContext context, long from, long to) {
        return remove(context, from, to, true, false);
    }

    /** Drops all from that number on: the file ends before it. */
    void cut(ProcessContext context, long from) {
        remove(context, from, Long.MAX_VALUE, true, true);
    }

    /** Drops the clean pages of a range of numbers. 0, or -EBUSY when there were others. */
    int dropClean(ProcessContext context, long from, long to) {
        return remove(context, from, to, false, false) ? 0 : -EBUSY;
    }

    /** Whether all went. */
    private boolean remove(ProcessContext context, long from, long to, boolean dirtyToo, boolean wasCut) {
        boolean all = true;
        CachedPage page = mapping.next(from, PageIndex.Mark.PRESENT);
        while (page != null && page.index() <= to) {
            mapping.lock(context, page);
            mapping.awaitWriteback(context, page);
            if (!page.isRemoved()) {
                if (dirtyToo || !page.isDirty()) {
                    mapping.remove(page, wasCut);
                } else {
                    all = false;
                }
            }
            mapping.unlock(context, page);
            mapping.release(page);
            page = mapping.next(page.index() + 1, PageIndex.Mark.PRESENT);
        }
        if (page != null) {
            mapping.release(page);
        }
        return all;
    }
}
