// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFBIG;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ESTALE;
import static kernel.uapi.OpenFlags.O_APPEND;
import static kernel.uapi.OpenFlags.O_TRUNC;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.lock.Mutex;
import kernel.core.fs.FileSystemHost;
import kernel.uapi.Limits;
import kernel.uapi.Seek;

/**
 * A regular file in memory (Linux: mm/shmem.c, mm/filemap.c). It is its own operations: an open file adds nothing to it.
 *
 * <p>Writers take turns by a mutex, under which they may sleep over a page fault; readers take nothing and may see half of
 * a write, as on Linux. Bytes go between the pages and user memory without a copy in between. The content lives until the last
 * name has gone and the last open file is closed.
 */
class RegularFile extends Inode implements FileOperations {
    private static final int SECTOR_SIZE_BYTES = 512;

    private final FileSystemHost host;
    private final FilePages pages;
    private Mutex writers;
    private int openCount;
    private boolean evicted;

    RegularFile(FileSystemHost host, FileSystem fileSystem, Birth birth) {
        super(fileSystem, fileSystem.nextInodeNumber(), birth);
        this.host = host;
        this.pages = new FilePages(fileSystem);
    }

    /** Starts with some bytes, at most a page; before anybody else knows the file. */
    void fill(byte[] content) {
        pages.fill(content);
    }

    /** For who makes it in order to open it: holds it before anybody else can find and remove it. */
    void holdForMaker() {
        openCount = 1;
    }

    /** Opens it; -ESTALE when the last name and with it the content went just now. */
    @Override
    int open(Opening opening) {
        if (!opening.isNew() && !hold()) {
            return -ESTALE;
        }
        opening.attach(opening.describe(this));
        if (opening.has(O_TRUNC)) {
            truncate(opening.process(), 0);
        }
        return 0;
    }

    private synchronized boolean hold() {
        if (evicted) {
            return false;
        }
        openCount++;
        return true;
    }

    @Override
    public void release(ProcessContext context, OpenFile file) {
        synchronized (this) {
            openCount--;
            evictIfUnused();
        }
    }

    @Override
    void dropLink() {
        synchronized (this) {
            super.dropLink();
            evictIfUnused();
        }
    }

    private void evictIfUnused() {
        if (openCount == 0 && links() == 0 && !evicted) {
            evicted = true;
            pages.clear();
        }
    }

    /** There is nothing that would survive. */
    @Override
    public int sync(ProcessContext context, OpenFile file, boolean dataOnly) {
        return 0;
    }

    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        long done = pages.read(context, buffer, position);
        if (done > 0 && wantsAccessTime()) {
            accessed(host.wallClockNanos());
        }
        return done;
    }

    /** Writes at the position, or with O_APPEND at the end; -EFBIG at the largest size, -ENOSPC when the file system is full. */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (buffer.length() == 0) {
            return 0;
        }
        Mutex mutex = writers();
        mutex.lock(context);
        try {
            dropPrivileges(context);
            long start = (file.flags() & O_APPEND) != 0 ? pages.sizeBytes() : position;
            long done = pages.write(context, buffer, start);
            if (done > 0) {
                modified(host.wallClockNanos());
            }
            return done;
        } finally {
            mutex.unlock(context);
        }
    }

    /** Cuts or extends with zeroes; 0 or -EFBIG. */
    int truncate(ProcessContext context, long newSizeBytes) {
        if (newSizeBytes > FilePages.SIZE_MAX) {
            return -EFBIG;
        }
        Mutex mutex = writers();
        mutex.lock(context);
        try {
            dropPrivileges(context);
            pages.resize(newSizeBytes);
            modified(host.wallClockNanos());
            return 0;
        } finally {
            mutex.unlock(context);
        }
    }

    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        return seek(current, offset, whence, sizeBytes());
    }

    /** The new position in a file of that size, or -EINVAL. */
    static long seek(long current, long offset, int whence, long sizeBytes) {
        long base = switch (whence) {
            case Seek.SEEK_SET -> 0;
            case Seek.SEEK_CUR -> current;
            case Seek.SEEK_END -> sizeBytes;
            default -> Long.MIN_VALUE;
        };
        long target = base + offset;
        boolean overflows = ((base ^ target) & (offset ^ target)) < 0;
        return base < 0 || target < 0 || overflows ? -EINVAL : target;
    }

    /** The first bytes of the content, for exec. */
    byte[] head(int lengthMax) {
        return pages.head(lengthMax);
    }

    @Override
    long sizeBytes() {
        return pages.sizeBytes();
    }

    @Override
    long blocks() {
        return (long) pages.count() * (Limits.PAGE_SIZE / SECTOR_SIZE_BYTES);
    }

    private synchronized Mutex writers() {
        if (writers == null) {
            writers = host.mutex("i_rwsem");
        }
        return writers;
    }
}
