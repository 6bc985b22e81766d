// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.uapi.FileMode;

/** The type of a file in a directory's entry, where the file system has that feature (Linux: include/linux/fs_types.h). */
final class FileType {
    private static final int REGULAR = 1;
    private static final int DIRECTORY = 2;
    private static final int CHARACTER_DEVICE = 3;
    private static final int BLOCK_DEVICE = 4;
    private static final int PIPE = 5;
    private static final int SOCKET = 6;
    private static final int LINK = 7;

    private FileType() {}

    /** The type for the bits of S_IFMT of a mode. */
    static int ofMode(int mode) {
        return switch (mode) {
            case FileMode.S_IFREG -> REGULAR;
            case FileMode.S_IFDIR -> DIRECTORY;
            case FileMode.S_IFCHR -> CHARACTER_DEVICE;
            case FileMode.S_IFBLK -> BLOCK_DEVICE;
            case FileMode.S_IFIFO -> PIPE;
            case FileMode.S_IFSOCK -> SOCKET;
            case FileMode.S_IFLNK -> LINK;
            default -> 0;
        };
    }

    /** As d_type has it: the bits of S_IFMT twelve further down; 0 for what is not known. */
    static int toDirent(int type) {
        int mode = switch (type) {
            case REGULAR -> FileMode.S_IFREG;
            case DIRECTORY -> FileMode.S_IFDIR;
            case CHARACTER_DEVICE -> FileMode.S_IFCHR;
            case BLOCK_DEVICE -> FileMode.S_IFBLK;
            case PIPE -> FileMode.S_IFIFO;
            case SOCKET -> FileMode.S_IFSOCK;
            case LINK -> FileMode.S_IFLNK;
            default -> 0;
        };
        return mode >> 12;
    }
}
