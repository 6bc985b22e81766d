// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PageTable;
import java.util.Arrays;
import kernel.core.execution.RawLock;

/**
 * The page table of a process and the references that it has on pages. Changed under its lock: by its own process, and by whoever takes pages of a file
 * away from all who have them mapped.
 *
 * <p>A program translates an address and accesses memory in two steps, and nobody can stop it in between. So a page that somebody else takes away
 * keeps its reference until its process enters the kernel for another page, and is nobody else's before (where real machines send an interrupt to
 * have translations forgotten).
 */
final class UserPages {
    /** Software bit: the page is the file's own, not a copy of it or anonymous. */
    static final int FILE = 1 << 9;
    /** Software bit: the page belongs to a driver and has no references. */
    static final int UNCOUNTED = 1 << 10;

    private final RawLock lock = new RawLock();
    private final PageTable table = new PageTable();
    private final PageAllocator allocator;
    private long[] retired = new long[4];
    private int retiredCount;

    UserPages(PageAllocator allocator) {
        this.allocator = allocator;
    }

    /** To be changed under the lock. */
    PageTable table() {
        return table;
    }

    void lock() {
        lock.acquire();
    }

    void unlock() {
        lock.release();
    }

    /** Gives a reference back, of a page that was mapped with these flags. */
    void put(long entry) {
        if ((entry & UNCOUNTED) == 0) {
            allocator.put(PageTable.frameOf(entry));
        }
    }

    /** Takes the pages of a range away, by the process itself. */
    void drop(long from, long to) {
        lock.acquire();
        table.forEach(from, to - from, (page, entry) -> {
            table.unmap(page);
            put(entry);
        });
        giveUpRetired();
        lock.release();
    }

    /** Takes all pages away, by the process itself. */
    void dropAll() {
        lock.acquire();
        table.forEach((page, entry) -> put(entry));
        table.clear();
        giveUpRetired();
        lock.release();
    }

    /** Takes pages of a file away, by anybody; the copies that the process made of them only if asked to. */
    void takeAway(long from, long to, boolean evenCopies) {
        lock.acquire();
        table.forEach(from, to - from, (page, entry) -> {
            if (evenCopies || (entry & FILE) != 0) {
                table.unmap(page);
                retire(entry);
            }
        });
        lock.release();
    }

    /** Makes the file's own pages of a range read-only, by anybody. Whether one of them was writable. */
    boolean writeProtect(long from, long to) {
        boolean[] any = new boolean[1];
        lock.acquire();
        table.forEach(from, to - from, (page, entry) -> {
            if ((entry & FILE) != 0 && (entry & PageTable.WRITE) != 0) {
                table.protect(page, PageTable.flagsOf(entry) & ~(PageTable.WRITE | PageTable.VALID));
                any[0] = true;
            }
        });
        lock.release();
        return any[0];
    }

    /** By the process itself: pages that others took away are not in use any more. */
    void forgetRetired() {
        lock.acquire();
        giveUpRetired();
        lock.release();
    }

    private void retire(long entry) {
        if ((entry & UNCOUNTED) == 0) {
            if (retiredCount == retired.length) {
                retired = Arrays.copyOf(retired, 2 * retiredCount);
            }
            retired[retiredCount++] = PageTable.frameOf(entry);
        }
    }

    private void giveUpRetired() {
        while (retiredCount > 0) {
            allocator.put(retired[--retiredCount]);
        }
    }
}
