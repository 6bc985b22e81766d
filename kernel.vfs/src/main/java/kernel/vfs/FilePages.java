// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EFBIG;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Limits.PAGE_SIZE;

import java.util.Arrays;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;

/**
 * The bytes of a file in pages, with holes that read as zeroes (Linux: the page cache of one inode).
 *
 * <p>A page's array is as long as its last byte ever written needs, so that a small file is small; what is missing at its
 * end is zero. Bytes beyond the size mean nothing and are zeroed when the size grows over them. One writer at a time; readers
 * at any time.
 */
final class FilePages {
    /** The largest size of a file (EFBIG beyond). */
    static final long SIZE_MAX = 1L << 30;

    private static final int SMALLEST_PAGE = 64;
    private static final byte[][] NONE = {};

    private final FileSystem fileSystem;
    private volatile byte[][] pages = NONE;
    private volatile int count;
    private volatile long sizeBytes;

    FilePages(FileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    /** Starts with some bytes, at most a page; before anybody else knows the file. */
    void fill(byte[] content) {
        if (fileSystem.takePage()) {
            keep(0, content, true);
            sizeBytes = content.length;
        }
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** How many pages there are, holes left out. */
    int count() {
        return count;
    }

    /** Copies to user memory: a count, 0 at the end, or -EFAULT when nothing could be copied. */
    long read(ProcessContext context, UserBuffer buffer, long position) {
        long total = Math.min(buffer.length(), sizeBytes - position);
        long done = 0;
        while (done < total) {
            long from = position + done;
            int offset = (int) (from % PAGE_SIZE);
            int length = (int) Math.min(PAGE_SIZE - offset, total - done);
            byte[] page = page(pages, from);
            int present = page == null ? 0 : Math.min(page.length - offset, length);
            long missed;
            if (present > 0) {
                length = present;
                missed = context.copyToUser(buffer, done, page, offset, length);
            } else {
                missed = context.clearUser(buffer, done, length);
            }
            done += length - missed;
            if (missed > 0) {
                return done > 0 ? done : -EFAULT;
            }
        }
        return done;
    }

    /** Copies from user memory, growing as needed: a count, or -EFBIG, -ENOSPC, -EFAULT when nothing could be written. */
    long write(ProcessContext context, UserBuffer buffer, long position) {
        long total = Math.min(buffer.length(), SIZE_MAX - position);
        if (total <= 0) {
            return -EFBIG;
        }
        zero(sizeBytes, position);
        long done = 0;
        while (done < total) {
            int wanted = (int) Math.min(PAGE_SIZE - (position + done) % PAGE_SIZE, total - done);
            long written = writePage(context, buffer, done, position + done, wanted);
            if (written > 0) {
                done += written;
            }
            if (written < wanted) {
                return done > 0 ? done : written;
            }
        }
        return done;
    }

    /** Writes within one page: a count, -ENOSPC, or -EFAULT. A page that nothing came into is not kept. */
    private long writePage(ProcessContext context, UserBuffer buffer, long done, long position, int length) {
        int offset = (int) (position % PAGE_SIZE);
        byte[] old = page(pages, position);
        byte[] page = atLeast(old, offset + length);
        if (old == null && !fileSystem.takePage()) {
            return -ENOSPC;
        }
        boolean kept = old != null;
        try {
            long moved = length - context.copyFromUser(page, offset, buffer, done, length);
            if (moved == 0) {
                return -EFAULT;
            }
            kept = true;
            keep(position, page, old == null);
            sizeBytes = Math.max(sizeBytes, position + moved);
            return moved;
        } finally {
            if (!kept) {
                fileSystem.givePages(1);
            }
        }
    }

    /** Cuts, giving back the pages, or extends by a hole. */
    void resize(long newSizeBytes) {
        long oldSizeBytes = sizeBytes;
        if (newSizeBytes > oldSizeBytes) {
            zero(oldSizeBytes, newSizeBytes);
            sizeBytes = newSizeBytes;
            return;
        }
        sizeBytes = newSizeBytes;
        byte[][] old = pages;
        int keep = (int) ((newSizeBytes + PAGE_SIZE - 1) / PAGE_SIZE);
        if (keep < old.length) {
            int freed = 0;
            for (int i = keep; i < old.length; i++) {
                freed += old[i] == null ? 0 : 1;
            }
            pages = keep == 0 ? NONE : Arrays.copyOf(old, keep);
            int left = count - freed;
            count = left;
            fileSystem.givePages(freed);
        }
    }

    void clear() {
        resize(0);
    }

    /** The first bytes. */
    byte[] head(int lengthMax) {
        int length = (int) Math.min(Math.min(lengthMax, PAGE_SIZE), sizeBytes);
        byte[] page = page(pages, 0);
        return page == null ? new byte[length] : Arrays.copyOf(page, length);
    }

    private void keep(long position, byte[] page, boolean isNew) {
        int index = (int) (position / PAGE_SIZE);
        byte[][] table = pages;
        if (index >= table.length) {
            table = Arrays.copyOf(table, Math.max(index + 1, table.length * 2));
        }
        table[index] = page;
        pages = table;
        if (isNew) {
            int before = count;
            count = before + 1;
        }
    }

    /** Zeroes what the pages hold of that range; the rest of it is zero by being missing. */
    private void zero(long from, long to) {
        byte[][] table = pages;
        long end = Math.min(to, (long) table.length * PAGE_SIZE);
        for (long at = from; at < end; ) {
            int offset = (int) (at % PAGE_SIZE);
            int length = (int) Math.min(PAGE_SIZE - offset, end - at);
            byte[] page = page(table, at);
            if (page != null && offset < page.length) {
                Arrays.fill(page, offset, Math.min(page.length, offset + length), (byte) 0);
            }
            at += length;
        }
    }

    private static byte[] page(byte[][] table, long position) {
        long index = position / PAGE_SIZE;
        return index < table.length ? table[(int) index] : null;
    }

    private static byte[] atLeast(byte[] page, int length) {
        if (page != null && page.length >= length) {
            return page;
        }
        int size = Math.max(SMALLEST_PAGE, Integer.highestOneBit(length - 1) << 1);
        return page == null ? new byte[size] : Arrays.copyOf(page, size);
    }
}
