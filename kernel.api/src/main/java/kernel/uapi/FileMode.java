// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** File types and permission bits of st_mode (Linux: include/uapi/linux/stat.h). */
public final class FileMode {
    public static final int S_IFMT = 0170000;
    public static final int S_IFSOCK = 0140000;
    public static final int S_IFLNK = 0120000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFBLK = 0060000;
    public static final int S_IFDIR = 0040000;
    public static final int S_IFCHR = 0020000;
    public static final int S_IFIFO = 0010000;
    /** The permission bits. */
    public static final int PERMISSIONS = 07777;

    private FileMode() {}

    public static boolean isDirectory(int mode) {
        return (mode & S_IFMT) == S_IFDIR;
    }

    public static boolean isRegular(int mode) {
        return (mode & S_IFMT) == S_IFREG;
    }

    public static boolean isCharacterDevice(int mode) {
        return (mode & S_IFMT) == S_IFCHR;
    }

    public static boolean isBlockDevice(int mode) {
        return (mode & S_IFMT) == S_IFBLK;
    }

    public static boolean isLink(int mode) {
        return (mode & S_IFMT) == S_IFLNK;
    }

    /** Makes a device number from its two halves (Linux: new_encode_dev). */
    public static long device(int major, int minor) {
        return (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
    }

    public static int major(long device) {
        return (int) ((device >> 8) & 0xfff);
    }

    public static int minor(long device) {
        return (int) ((device & 0xff) | ((device >> 12) & 0xfff00));
    }
}
