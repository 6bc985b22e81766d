// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

/** Where the fields of an inode are, in bytes from its beginning (Linux: fs/ext2/ext2.h, struct ext2_inode). */
final class InodeField {
    static final int MODE = 0;
    static final int USER_LOW = 2;
    static final int SIZE_LOW = 4;
    static final int ACCESS_TIME = 8;
    static final int CHANGE_TIME = 12;
    static final int MODIFICATION_TIME = 16;
    static final int DELETION_TIME = 20;
    static final int GROUP_LOW = 24;
    static final int LINKS = 26;
    /** In units of 512 bytes. */
    static final int SECTORS = 28;

    static final int FLAGS = 32;
    /** Fifteen block numbers, or a short link's target, or a device's number. */
    static final int POINTERS = 40;

    static final int GENERATION = 100;
    static final int ATTRIBUTE_BLOCK = 104;
    /** Of a regular file; a directory's access control list otherwise. */
    static final int SIZE_HIGH = 108;

    static final int USER_HIGH = 120;
    static final int GROUP_HIGH = 122;

    /** How many pointers there are. */
    static final int POINTER_COUNT = 15;
    /** The space of the pointers; a link whose target is shorter lives in it. */
    static final int POINTER_BYTES = POINTER_COUNT * Integer.BYTES;

    static final int FLAG_IMMUTABLE = 0x10;
    static final int FLAG_APPEND = 0x20;
    static final int FLAG_NODUMP = 0x40;
    static final int FLAG_NOATIME = 0x80;
    static final int FLAG_INDEX = 0x1000;
    static final int FLAG_DIRSYNC = 0x10000;
    static final int FLAG_TOP_DIRECTORY = 0x20000;
    /** Of ext4: the pointers are something else. */
    static final int FLAG_EXTENTS = 0x80000;

    static final int FLAG_INLINE_DATA = 0x10000000;
    /** What a new file has from its directory. */
    static final int FLAGS_INHERITED = 0x1c7cf;

    private InodeField() {}
}
