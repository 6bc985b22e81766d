// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.List;
import kernel.uapi.UserProcessor;

/**
 * An entry of a directory, as getdents64(2) gives it.
 *
 * @param type the file type of st_mode shifted right by 12, or 0 when the file system does not say
 */
public record DirectoryEntry(long inode, int type, String name) {
    private static final int LENGTH_OFFSET = 16;
    private static final int TYPE_OFFSET = 18;
    private static final int NAME_OFFSET = 19;

    /** Decodes a buffer of struct linux_dirent64. */
    static void loadAll(UserProcessor from, long buffer, long count, List<DirectoryEntry> to) {
        long address = buffer;
        while (address < buffer + count) {
            int length = (from.loadByte(address + LENGTH_OFFSET) & 0xff)
                    | (from.loadByte(address + LENGTH_OFFSET + 1) & 0xff) << 8;
            if (length <= NAME_OFFSET) {
                throw new IllegalStateException("getdents64: entry of " + length + " bytes");
            }
            to.add(new DirectoryEntry(
                    from.loadLong(address),
                    from.loadByte(address + TYPE_OFFSET),
                    CString.load(from, address + NAME_OFFSET)));
            address += length;
        }
    }

    /** Whether this is {@code .} or {@code ..}. */
    public boolean isDotOrDotDot() {
        return name.equals(".") || name.equals("..");
    }
}
