// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Directory entries in the layout of getdents64, as many as fit (Linux: struct linux_dirent64). */
final class DirectoryListing {
    /** Positions of a directory: 0 is {@code .}, 1 is {@code ..}, from here on it is the directory's affair. */
    static final long FIRST_POSITION = 2;

    private static final int OFFSET = 8;
    private static final int RECORD_LENGTH = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;
    private static final int ALIGNMENT = 8;
    /** From the file type in st_mode to the one in d_type (Linux: DT_DIR and so on). */
    private static final int TYPE_SHIFT = 12;

    private final byte[] bytes;
    private int used;
    private boolean full;
    private long nextPosition;

    DirectoryListing(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    /**
     * Adds an entry.
     *
     * @param type as in st_mode
     * @param next the position after it
     * @return false when it does not fit, and then nothing is added
     */
    boolean add(String name, long inode, int type, long next) {
        byte[] encoded = name.getBytes(UTF_8);
        return add(encoded, 0, encoded.length, inode, type, next);
    }

    /** As {@link #add(String, long, int, long)}, with a name in bytes. */
    boolean add(byte[] name, int nameOffset, int nameLength, long inode, int type, long next) {
        int length = NAME + nameLength + ALIGNMENT & -ALIGNMENT;
        if (used + length > bytes.length) {
            full = true;
            return false;
        }
        LittleEndian.putLong(bytes, used, inode);
        LittleEndian.putLong(bytes, used + OFFSET, next);
        LittleEndian.putShort(bytes, used + RECORD_LENGTH, length);
        bytes[used + TYPE] = (byte) (type >> TYPE_SHIFT);
        System.arraycopy(name, nameOffset, bytes, used + NAME, nameLength);
        used += length;
        nextPosition = next;
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int usedBytes() {
        return used;
    }

    /** Whether an entry did not fit. */
    boolean isFull() {
        return full;
    }

    /** The position after the last entry added. */
    long nextPosition() {
        return nextPosition;
    }
}
