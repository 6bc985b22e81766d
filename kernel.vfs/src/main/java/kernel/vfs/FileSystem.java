// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.uapi.FileMode;

/**
 * One file system instance: numbers its inodes and limits what it holds (Linux: struct super_block). Thread-safe.
 *
 * <p>The limits are tmpfs's nr_inodes and size: a program that fills a file system gets ENOSPC and not the machine's last
 * byte. A name counts, and not an inode, so that a further link to a file is paid for as well.
 */
final class FileSystem {
    static final int NAMES_MAX = 1 << 18;
    static final int PAGES_MAX = 1 << 16;

    private final String type;
    private final long device;
    private final int blockSizeBytes;
    private final AtomicLong lastInode = new AtomicLong();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();

    /** @param number tells the instances apart: the minor half of st_dev, for what has no block device below it */
    FileSystem(String type, int number, int blockSizeBytes) {
        this.type = type;
        this.device = FileMode.device(0, number);
        this.blockSizeBytes = blockSizeBytes;
    }

    /** The name of the type, as in /proc/filesystems. */
    String type() {
        return type;
    }

    /** For st_dev. */
    long device() {
        return device;
    }

    /** For st_blksize. */
    int blockSizeBytes() {
        return blockSizeBytes;
    }

    long nextInodeNumber() {
        return lastInode.incrementAndGet();
    }

    /** Room for one more name; false when there is none (ENOSPC). */
    boolean takeName() {
        return take(names, NAMES_MAX);
    }

    void giveName() {
        names.decrementAndGet();
    }

    /** Room for one more page of data; false when there is none (ENOSPC). */
    boolean takePage() {
        return take(pages, PAGES_MAX);
    }

    void givePages(int count) {
        pages.addAndGet(-count);
    }

    int nameCount() {
        return names.get();
    }

    int pageCount() {
        return pages.get();
    }

    private static boolean take(AtomicInteger counter, int limit) {
        if (counter.incrementAndGet() > limit) {
            counter.decrementAndGet();
            return false;
        }
        return true;
    }
}
