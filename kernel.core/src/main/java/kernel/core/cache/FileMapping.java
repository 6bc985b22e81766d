// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import static kernel.uapi.Errno.EBUSY;

import hardware.machine.memory.PhysicalMemory;
import java.lang.invoke.VarHandle;
import java.util.function.IntSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.api.lock.Mutex;
import kernel.api.memory.Pager;
import kernel.core.execution.RawLock;

/**
 * The pages of one file, or of one device (Linux: struct address_space). Reads need no lock; writes and changes of the size are made by one task at a
 * time, which holds the file's own lock (i_rwsem).
 */
public final class FileMapping {
    private final PageCache cache;
    private final String name;
    private final FileBlocks blocks;
    private final TransferPool transfers;
    private final boolean isDevice;
    private final RawLock lock = new RawLock();
    private final PageIndex index = new PageIndex();
    private final ErrorSequence errors = new ErrorSequence();
    private final Mutex blocksMutex;
    private final PageReader reader;
    private final PageWriter writer;
    private final PageFlusher flusher;
    private final PageDropper dropper;
    private final MappedPages mapped;
    private volatile int dirtyCount;
    private volatile int errorCount;
    private volatile int lastError;

    FileMapping(PageCache cache, String name, FileBlocks blocks, TransferPool transfers, boolean isDevice) {
        this.cache = cache;
        this.name = name;
        this.blocks = blocks;
        this.transfers = transfers;
        this.isDevice = isDevice;
        blocksMutex = cache.execution().newMutex("invalidate_lock");
        reader = new PageReader(this);
        writer = new PageWriter(this);
        flusher = new PageFlusher(this);
        dropper = new PageDropper(this);
        mapped = new MappedPages(this);
    }

    // ---- what its users call

    /**
     * Reads into user memory, ahead of what is asked for. May sleep.
     *
     * @return a count, 0 at the end; -EIO, -ENOMEM, -EFAULT when nothing could be read
     */
    public long read(ProcessContext context, ReadAhead readAhead, UserBuffer buffer, long position) {
        return reader.read(context, readAhead, buffer, null, buffer.length(), position);
    }

    /** As {@link #read}, into memory of the kernel. */
    public long read(ProcessContext context, ReadAhead readAhead, KernelBuffer buffer, long position) {
        return reader.read(context, readAhead, null, buffer, buffer.length(), position);
    }

    /**
     * Writes from user memory into the pages; the device gets it later. The caller holds the file's lock, and has seen to it that the file may become
     * that large. May sleep.
     *
     * @param grow told the new end whenever the file has become larger
     * @return a count; -ENOSPC, -EIO, -ENOMEM, -EFAULT when nothing could be written
     */
    public long write(ProcessContext context, UserBuffer buffer, long position, Growth grow) {
        return writer.write(context, buffer, null, buffer.length(), position, grow);
    }

    /** As {@link #write}, from memory of the kernel. */
    public long write(ProcessContext context, KernelBuffer buffer, long position, Growth grow) {
        return writer.write(context, null, buffer, buffer.length(), position, grow);
    }

    /**
     * Reads past the pages, from the device to the program's own memory. May sleep.
     *
     * @return a count, 0 at the end; -EINVAL for what is not aligned; -EIO, -EFAULT
     */
    public long readDirect(ProcessContext context, UserBuffer buffer, long position) {
        return new DirectTransfer(this).read(context, buffer, position);
    }

    /** As {@link #write}, past the pages; what has no place yet goes through them. */
    public long writeDirect(ProcessContext context, UserBuffer buffer, long position, Growth grow) {
        return new DirectTransfer(this).write(context, buffer, position, grow);
    }

    /** The pages for who maps the file into the memory of a process. */
    public Pager pager() {
        return mapped;
    }

    MappedPages mapped() {
        return mapped;
    }

    /** Told of a file that becomes larger. */
    @FunctionalInterface
    public interface Growth {
        void grewTo(long sizeBytes);
    }

    /** The bytes from the old end to where the file goes on are zero on the device and in memory. The file's lock is held. 0 or a negative errno. */
    public int zeroBehind(ProcessContext context, long sizeBytes) {
        return writer.zeroTail(context, sizeBytes);
    }

    /** Begins to write what is dirty; what is being written already is left alone. May sleep. */
    public void writeBack(ProcessContext context) {
        flusher.write(context, 0, Long.MAX_VALUE, false);
    }

    /** Writes what is dirty and waits for it. May sleep. Returns 0, or a negative errno of what was waited for. */
    public int writeAndWait(ProcessContext context) {
        return writeAndWait(context, 0, Long.MAX_VALUE);
    }

    /** As {@link #writeAndWait(ProcessContext)}, for a range of bytes. */
    public int writeAndWait(ProcessContext context, long from, long to) {
        int before = errorCount;
        flusher.write(context, from >>> CachedPage.SHIFT, lastPage(to), true);
        flusher.await(context, from >>> CachedPage.SHIFT, lastPage(to));
        return errorCount == before ? 0 : lastError;
    }

    /** Drops what lies behind the new end, written or not; the size is the new one already. The file's lock is held. May sleep. 0 or -EIO. */
    public int truncate(ProcessContext context, long newSizeBytes) {
        dropper.drop(context, (newSizeBytes + CachedPage.BYTES - 1) >>> CachedPage.SHIFT, Long.MAX_VALUE);
        return writer.cut(context, newSizeBytes);
    }

    /**
     * Drops the pages of a range of bytes that are clean, so that the next reader sees what is on the device. May sleep.
     *
     * @return 0, or -EBUSY when some are dirty
     */
    public int invalidate(ProcessContext context, long from, long to) {
        return dropper.dropClean(context, from >>> CachedPage.SHIFT, lastPage(to));
    }

    /**
     * Forgets the pages that a range of bytes touches, dirty or not: the device was written past the cache. May sleep.
     *
     * @return 0, or -EBUSY when a page is mapped into the memory of a process, and stays
     */
    int drop(ProcessContext context, long from, long to) {
        return dropper.drop(context, from >>> CachedPage.SHIFT, lastPage(to)) ? 0 : -EBUSY;
    }

    /** Forgets everything, dirty or not: nobody will read it again. May sleep. */
    public void discard(ProcessContext context) {
        dropper.drop(context, 0, Long.MAX_VALUE);
    }

    /** Errors of writing back. */
    public ErrorSequence errors() {
        return errors;
    }

    /** Whether pages are dirty. */
    public boolean isDirty() {
        return dirtyCount > 0;
    }

    private static long lastPage(long to) {
        return to == Long.MAX_VALUE ? Long.MAX_VALUE : (to - 1) >>> CachedPage.SHIFT;
    }

    // ---- for the parts

    PageCache cache() {
        return cache;
    }

    PhysicalMemory memory() {
        return cache.memory();
    }

    FileBlocks blocks() {
        return blocks;
    }

    TransferPool transfers() {
        return transfers;
    }

    PageReader reader() {
        return reader;
    }

    /** Asks where a block is; one at a time. May sleep. */
    long map(ProcessContext context, long block, boolean create) {
        blocksMutex.lock(context);
        try {
            return blocks.map(context, block, create);
        } finally {
            blocksMutex.unlock(context);
        }
    }

    /** As {@link #map} with create; {@code isNew} is told whether the place is new. */
    long place(ProcessContext context, long block, boolean[] isNew) {
        blocksMutex.lock(context);
        try {
            long place = blocks.map(context, block, true);
            isNew[0] = place >= 0 && blocks.wasNew();
            return place;
        } finally {
            blocksMutex.unlock(context);
        }
    }

    /** Runs something while nobody asks where blocks are: that takes them away. */
    public int withBlocksLocked(ProcessContext context, IntSupplier action) {
        blocksMutex.lock(context);
        try {
            return action.getAsInt();
        } finally {
            blocksMutex.unlock(context);
        }
    }

    // ---- pages

    /** The page with one more reference, or null. */
    CachedPage find(long number) {
        lock.acquire();
        CachedPage page = index.get(number);
        if (page != null) {
            page.get();
        }
        lock.release();
        return page;
    }

    /** The first page with that mark from that number on, with one more reference, or null. */
    CachedPage next(long from, PageIndex.Mark mark) {
        lock.acquire();
        CachedPage page = index.next(from, mark);
        if (page != null) {
            page.get();
        }
        lock.release();
        return page;
    }

    /**
     * The page with one more reference; a new one, with nothing valid in it, when there is none. May sleep. Null when there is
     * no memory.
     */
    CachedPage findOrAdd(ProcessContext context, long number) {
        CachedPage found = find(number);
        if (found != null) {
            return found;
        }
        long frame = cache.allocate(context);
        if (frame < 0) {
            return null;
        }
        CachedPage fresh = new CachedPage(this, number, frame);
        lock.acquire();
        found = index.get(number);
        if (found == null) {
            index.put(fresh);
            fresh.get();
        } else {
            found.get();
        }
        lock.release();
        if (found != null) {
            cache.allocator().put(frame);
            return found;
        }
        cache.list().add(fresh);
        if (isDevice) {
            cache.countDevice(1);
        }
        return fresh;
    }

    void release(CachedPage page) {
        if (page.put()) {
            cache.allocator().put(page.frame());
        }
    }

    /** Locks a page. May sleep. */
    void lock(ProcessContext context, CachedPage page) {
        if (!page.tryLock()) {
            cache.queue(page).waitEvent(context, page::tryLock);
        }
    }

    /** Any context. */
    void unlock(Context context, CachedPage page) {
        page.unlock();
        cache.queue(page).wakeUpAll(context);
    }

    /** Waits until the page is not being written. */
    void awaitWriteback(ProcessContext context, CachedPage page) {
        if (page.isWriteback()) {
            cache.queue(page).waitEvent(context, () -> !page.isWriteback());
        }
    }

    /**
     * Takes a page out of the mapping; dirty or not. Its lock is held.
     *
     * @param wasCut whether the file ends before it now, so that private copies go as well
     */
    void remove(CachedPage page, boolean wasCut) {
        lock.acquire();
        boolean wasDirty = page.isDirty();
        index.remove(page.index());
        page.clearDirty(CachedPage.ALL);
        page.setRemoved();
        if (wasDirty) {
            countDirty(-1);
        }
        lock.release();
        if (wasDirty) {
            cache.countDirty(-1);
        }
        if (isDevice) {
            cache.countDevice(-1);
        }
        cache.list().remove(page);
        mapped.takeAway(page, wasCut);
        release(page);
    }

    /** Takes a clean page out that nobody uses; the caller frees its frame. Any context, under the lock of the list. */
    boolean removeIfIdle(CachedPage page) {
        lock.acquire();
        boolean idle = page.references() == 1
                && !page.isRemoved()
                && !page.isLocked()
                && !page.isDirty()
                && !page.isWriteback();
        if (idle) {
            index.remove(page.index());
            page.setRemoved();
        }
        lock.release();
        if (idle && isDevice) {
            cache.countDevice(-1);
        }
        return idle;
    }

    /** These sectors are newer than the device's. The caller has a reference, and a lock that keeps the page in the mapping. */
    void markDirty(CachedPage page, int sectors) {
        // What was written to the page must be visible before its mark is looked at: who clears the mark reads the page
        // afterwards.
        VarHandle.fullFence();
        if ((sectors & ~page.dirty()) == 0) {
            return;
        }
        lock.acquire();
        boolean first = false;
        boolean fresh = false;
        if (!page.isRemoved()) {
            fresh = !page.isDirty();
            page.addDirty(sectors);
            if (fresh) {
                index.mark(page.index(), PageIndex.Mark.DIRTY, true);
                first = dirtyCount == 0;
                countDirty(1);
            }
        }
        lock.release();
        if (fresh) {
            cache.countDirty(1);
        }
        if (first) {
            blocks.becameDirty();
        }
    }

    private void countDirty(int difference) {
        int before = dirtyCount;
        dirtyCount = before + difference;
    }

    /** Takes some sectors back that are not to be written any more. */
    void clearDirty(CachedPage page, int sectors) {
        lock.acquire();
        boolean cleaned = page.isDirty();
        page.clearDirty(sectors);
        cleaned &= !page.isDirty();
        if (cleaned) {
            index.mark(page.index(), PageIndex.Mark.DIRTY, false);
            countDirty(-1);
        }
        lock.release();
        if (cleaned) {
            cache.countDirty(-1);
        }
    }

    /** The page is to be written: it is clean from now on. Its lock is held. Answers the sectors that were dirty. */
    int beginWriteback(Context context, CachedPage page) {
        lock.acquire();
        int sectors = page.dirty();
        if (sectors != 0) {
            page.clearDirty(CachedPage.ALL);
            page.setWriteback(true);
            index.mark(page.index(), PageIndex.Mark.DIRTY, false);
            index.mark(page.index(), PageIndex.Mark.WRITEBACK, true);
            countDirty(-1);
        }
        lock.release();
        if (sectors != 0) {
            cache.countWriteback(context, 1);
            cache.countDirty(-1);
        }
        return sectors;
    }

    // ---- the end of transfers, in any context

    void transferred(Context context, CachedPage page, int sectors, boolean isWrite, int error) {
        if (error != 0) {
            page.setError(true);
            if (isWrite) {
                recordError(error);
            }
        } else if (!isWrite) {
            page.addUpToDate(sectors);
        }
        if (page.endPiece(isWrite)) {
            end(context, page, isWrite);
        }
    }

    /** All pieces of a page are over. */
    void end(Context context, CachedPage page, boolean isWrite) {
        if (isWrite) {
            lock.acquire();
            page.setWriteback(false);
            if (!page.isRemoved()) {
                index.mark(page.index(), PageIndex.Mark.WRITEBACK, false);
            }
            lock.release();
            cache.countWriteback(context, -1);
            cache.queue(page).wakeUpAll(context);
        } else {
            reader.zeroBehindEnd(page);
            cache.countRead();
            unlock(context, page);
        }
        release(page);
    }

    /** Something could not be written, and is lost. Any context. */
    void recordError(int error) {
        errors.record(error);
        lock.acquire();
        lastError = error;
        int before = errorCount;
        errorCount = before + 1;
        lock.release();
    }

    // ---- for read-ahead

    /** The first number of that many for which there is no page; -1 when all are there. */
    long firstAbsent(long from, int pages) {
        lock.acquire();
        long found = -1;
        for (long number = from; number < from + pages && found < 0; number++) {
            found = index.get(number) == null ? number : -1;
        }
        lock.release();
        return found;
    }

    /** How many pages without a gap come before that number, at most that many. */
    int presentBefore(long number, int pages) {
        lock.acquire();
        int count = 0;
        while (count < pages && number - count > 0 && index.get(number - count - 1) != null) {
            count++;
        }
        lock.release();
        return count;
    }

    @Override
    public String toString() {
        return name;
    }
}
