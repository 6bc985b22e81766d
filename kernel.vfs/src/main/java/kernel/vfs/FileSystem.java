// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.api.context.ProcessContext;
import kernel.api.fs.MountedFileSystem;
import kernel.uapi.FileMode;
import kernel.uapi.Limits;

/**
 * One file system instance: numbers its inodes and limits what it holds (Linux: struct super_block). Thread-safe.
 *
 * <p>The limits are tmpfs's nr_inodes and size: a program that fills a file system gets ENOSPC and not the machine's last
 * byte. A name counts, and not an inode, so that a further link to a file is paid for as well.
 */
class FileSystem {
    static final int NAMES_MAX = 1 << 18;
    static final int PAGES_MAX = 1 << 16;

    /** For f_type (Linux: include/uapi/linux/magic.h). */
    private static final Map<String, Long> MAGIC = Map.of(
            "tmpfs",
            0x0102_1994L,
            "devtmpfs",
            0x0102_1994L,
            "proc",
            0x9fa0L,
            "sysfs",
            0x6265_6572L,
            "pipefs",
            0x5049_5045L);

    private final String type;
    private final long device;
    private final int blockSizeBytes;
    private final AtomicLong lastInode = new AtomicLong();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();

    /** @param number tells the instances apart: the minor half of st_dev, for what has no block device below it */
    FileSystem(String type, int number, int blockSizeBytes) {
        this(type, FileMode.device(0, number), blockSizeBytes);
    }

    /** @param device for st_dev */
    FileSystem(String type, long device, int blockSizeBytes) {
        this.type = type;
        this.device = device;
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

    /** What /proc/mounts has in its first column. */
    String source() {
        return type;
    }

    /** Whether it has a device below it. */
    boolean isOnDisk() {
        return false;
    }

    /** Whether nothing can be changed in it, through whichever mount. */
    boolean isReadOnly() {
        return false;
    }

    /** Changes between read-only and read-write; 0 or a negative errno. May sleep. */
    int remount(ProcessContext context, boolean readOnly) {
        return 0;
    }

    /** Brings everything to the device and flushes it; 0 or a negative errno. May sleep. */
    int sync(ProcessContext context) {
        return 0;
    }

    /** It is mounted no more and nobody uses it. May sleep. */
    void shutDown(ProcessContext context) {}

    /** For statfs(2). May sleep. */
    MountedFileSystem.Statistics statistics(ProcessContext context) {
        boolean inMemory = type.equals("tmpfs") || type.equals("devtmpfs");
        long magic = MAGIC.getOrDefault(type, 0L);
        return new MountedFileSystem.Statistics(
                magic,
                blockSizeBytes,
                inMemory ? PAGES_MAX : 0,
                inMemory ? PAGES_MAX - pages.get() : 0,
                inMemory ? PAGES_MAX - pages.get() : 0,
                inMemory ? NAMES_MAX : 0,
                inMemory ? NAMES_MAX - names.get() : 0,
                Limits.NAME_MAX);
    }

    private static boolean take(AtomicInteger counter, int limit) {
        if (counter.incrementAndGet() > limit) {
            counter.decrementAndGet();
            return false;
        }
        return true;
    }
}
