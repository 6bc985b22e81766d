// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.core.execution.RawLock;
import kernel.core.memory.PageAllocator;

/**
 * All pages of the cache, the newest first; where memory is short, those at the other end that nobody touched since they were last looked at are given
 * back (Linux: mm/vmscan.c, with one list and a second chance). Nothing here sleeps; callable in every context.
 */
final class PageList {
    private final RawLock lock = new RawLock();
    private final PageAllocator allocator;
    private CachedPage newest;
    private CachedPage oldest;
    private volatile long count;
    private volatile long evicted;

    PageList(PageAllocator allocator) {
        this.allocator = allocator;
    }

    long count() {
        return count;
    }

    /** How many pages were given back because memory was short. */
    long evicted() {
        return evicted;
    }

    void add(CachedPage page) {
        lock.acquire();
        // Who removes a page from its mapping marks it before it looks here.
        if (!page.isRemoved()) {
            link(page);
            page.listed = true;
            long before = count;
            count = before + 1;
        }
        lock.release();
    }

    /** Takes out a page that has left its mapping. */
    void remove(CachedPage page) {
        lock.acquire();
        if (page.listed) {
            unlink(page);
            page.listed = false;
            long before = count;
            count = before - 1;
        }
        lock.release();
    }

    /**
     * Gives clean pages that nobody uses back to the allocator.
     *
     * @return how many, at most {@code wanted}
     */
    int shrink(int wanted) {
        int freed = 0;
        // Twice around: the first time may only take back second chances.
        for (long left = 2 * count; left > 0 && freed < wanted; left--) {
            lock.acquire();
            CachedPage page = oldest;
            if (page == null) {
                lock.release();
                break;
            }
            unlink(page);
            boolean gone = !page.takeReferenced()
                    && allocator.isSole(page.frame())
                    && page.mapping().removeIfIdle(page);
            if (gone) {
                page.listed = false;
                long before = count;
                count = before - 1;
            } else {
                link(page);
            }
            lock.release();
            if (gone) {
                allocator.put(page.frame());
                freed++;
            }
        }
        long before = evicted;
        evicted = before + freed;
        return freed;
    }

    private void link(CachedPage page) {
        page.newer = null;
        page.older = newest;
        if (newest == null) {
            oldest = page;
        } else {
            newest.newer = page;
        }
        newest = page;
    }

    private void unlink(CachedPage page) {
        if (page.newer == null) {
            newest = page.older;
        } else {
            page.newer.older = page.older;
        }
        if (page.older == null) {
            oldest = page.newer;
        } else {
            page.older.newer = page.newer;
        }
        page.newer = null;
        page.older = null;
    }
}
