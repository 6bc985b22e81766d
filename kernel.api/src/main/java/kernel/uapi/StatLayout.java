// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** Byte offsets of struct stat on x86-64, as stat(2) writes it to user memory (arch/x86/include/uapi/asm/stat.h). */
public final class StatLayout {
    public static final int DEV = 0;
    public static final int INO = 8;
    public static final int NLINK = 16;
    public static final int MODE = 24;
    public static final int UID = 28;
    public static final int GID = 32;
    public static final int RDEV = 40;
    public static final int SIZE = 48;
    public static final int BLKSIZE = 56;
    public static final int BLOCKS = 64;
    public static final int ATIME = 72;
    public static final int MTIME = 88;
    public static final int CTIME = 104;
    public static final int BYTES = 144;

    private StatLayout() {}
}
