// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** What mmap(2), mprotect(2), msync(2) and madvise(2) are told (Linux: include/uapi/asm-generic/mman.h, mman-common.h). */
public final class MapFlags {
    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;

    /** Writes reach the file and are seen by others. */
    public static final int MAP_SHARED = 0x01;
    /** Each page is copied before its first write. */
    public static final int MAP_PRIVATE = 0x02;
    /** As {@link #MAP_SHARED}; flags that are not known are refused. */
    public static final int MAP_SHARED_VALIDATE = 0x03;

    public static final int MAP_TYPE = 0x0f;
    /** Exactly there, in place of what is there. */
    public static final int MAP_FIXED = 0x10;
    /** No file: zeroes. */
    public static final int MAP_ANONYMOUS = 0x20;
    /** All pages at once. */
    public static final int MAP_POPULATE = 0x8000;
    /** Exactly there, if nothing is there. */
    public static final int MAP_FIXED_NOREPLACE = 0x10_0000;

    public static final int MS_ASYNC = 1;
    public static final int MS_INVALIDATE = 2;
    /** Returns when what was written is stored. */
    public static final int MS_SYNC = 4;

    public static final int MADV_NORMAL = 0;
    public static final int MADV_WILLNEED = 3;
    /** Forgets what is there. */
    public static final int MADV_DONTNEED = 4;

    public static final int MADV_FREE = 8;

    private MapFlags() {}
}
