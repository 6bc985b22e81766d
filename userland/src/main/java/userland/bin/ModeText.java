// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.FileMode;

/** File modes in letters, such as {@code crw-rw-rw-}. */
final class ModeText {
    private static final String LETTERS = "rwxrwxrwx";

    private ModeText() {}

    static String of(int mode) {
        StringBuilder text = new StringBuilder().append(type(mode));
        for (int i = 0; i < LETTERS.length(); i++) {
            text.append((mode & 0400 >> i) == 0 ? '-' : LETTERS.charAt(i));
        }
        special(text, 3, (mode & 04000) != 0, 's');
        special(text, 6, (mode & 02000) != 0, 's');
        special(text, 9, (mode & 01000) != 0, 't');
        return text.toString();
    }

    private static char type(int mode) {
        return switch (mode & FileMode.S_IFMT) {
            case FileMode.S_IFDIR -> 'd';
            case FileMode.S_IFCHR -> 'c';
            case FileMode.S_IFBLK -> 'b';
            case FileMode.S_IFIFO -> 'p';
            case FileMode.S_IFLNK -> 'l';
            case FileMode.S_IFSOCK -> 's';
            case FileMode.S_IFREG -> '-';
            default -> '?';
        };
    }

    /** What stat(1) calls the type. */
    static String typeName(int mode, long sizeBytes) {
        return switch (mode & FileMode.S_IFMT) {
            case FileMode.S_IFDIR -> "directory";
            case FileMode.S_IFCHR -> "character special file";
            case FileMode.S_IFBLK -> "block special file";
            case FileMode.S_IFIFO -> "fifo";
            case FileMode.S_IFLNK -> "symbolic link";
            case FileMode.S_IFSOCK -> "socket";
            default -> sizeBytes == 0 ? "regular empty file" : "regular file";
        };
    }

    private static void special(StringBuilder text, int at, boolean set, char letter) {
        if (set) {
            text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
        }
    }
}
