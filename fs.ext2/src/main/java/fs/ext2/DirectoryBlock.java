// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import kernel.api.block.BlockBuffer;

/**
 * One block of a directory: entries one behind the other that fill it exactly. An entry is the number of an inode, or 0 when it is free, the entry's length, the
 * length of the name, the file's type if the file system has that feature, and the name. Changes go to the block's buffer at once.
 */
final class DirectoryBlock implements AutoCloseable {
    static final int NAME_MAX = 255;
    private static final int RECORD_LENGTH = 4;
    private static final int NAME_LENGTH = 6;
    private static final int TYPE = 7;
    private static final int NAME = 8;
    private static final int ALIGNMENT = 4;
    private static final int RECORD_MIN = 12;

    private final BlockBuffer buffer;
    private final byte[] bytes;

    DirectoryBlock(BlockBuffer buffer, int blockBytes) {
        this.buffer = buffer;
        bytes = new byte[blockBytes];
        buffer.read(0, bytes, 0, blockBytes);
    }

    /** A new block that is one free entry. */
    static byte[] empty(int blockBytes) {
        byte[] bytes = new byte[blockBytes];
        putShort(bytes, RECORD_LENGTH, blockBytes);
        return bytes;
    }

    /** The first block of a new directory: itself and its parent. */
    static byte[] first(int blockBytes, long self, long parent, int type) {
        byte[] bytes = new byte[blockBytes];
        fill(bytes, 0, RECORD_MIN, self, type, ".".getBytes(ISO_8859_1));
        fill(bytes, RECORD_MIN, blockBytes - RECORD_MIN, parent, type, "..".getBytes(ISO_8859_1));
        return bytes;
    }

    /** What an entry with such a name takes at least. */
    static int recordLength(int nameLength) {
        return (NAME + nameLength + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Looks for damage.
     *
     * @param position of the block in the directory, for the message
     * @return what is wrong with the first wrong entry; null when all is well
     */
    String damage(InodeTable inodes, long position) {
        int offset = 0;
        while (offset < bytes.length) {
            String wrong = offset > bytes.length - RECORD_MIN ? "directory entry across blocks" : damage(offset);
            if (wrong == null && inode(offset) != 0 && !inodes.isNumber(inode(offset))) {
                wrong = "inode out of bounds";
            }
            if (wrong != null) {
                int known = Math.min(offset, bytes.length - RECORD_MIN);
                return wrong + " - offset=" + (position + offset) + ", inode=" + inode(known) + ", rec_len="
                        + length(known) + ", name_len=" + nameLength(known);
            }
            offset = next(offset);
        }
        return null;
    }

    private String damage(int offset) {
        int length = length(offset);
        if (length < RECORD_MIN) {
            return "rec_len is smaller than minimal";
        }
        if (length % ALIGNMENT != 0) {
            return "unaligned directory entry";
        }
        if (length < recordLength(nameLength(offset))) {
            return "rec_len is too small for name_len";
        }
        return offset + length > bytes.length ? "directory entry across blocks" : null;
    }

    long block() {
        return buffer.block();
    }

    int size() {
        return bytes.length;
    }

    long inode(int offset) {
        return (getShort(offset) | ((long) getShort(offset + 2) << 16)) & 0xffff_ffffL;
    }

    private int length(int offset) {
        return getShort(offset + RECORD_LENGTH);
    }

    int nameLength(int offset) {
        return bytes[offset + NAME_LENGTH] & 0xff;
    }

    /** As the file system has it; of no meaning without that feature. */
    int type(int offset) {
        return bytes[offset + TYPE] & 0xff;
    }

    /** Where the next entry begins; the block's size behind the last one. */
    int next(int offset) {
        return offset + length(offset);
    }

    /** The block's bytes, for a look at a name. */
    byte[] bytes() {
        return bytes;
    }

    static int nameOffset(int offset) {
        return offset + NAME;
    }

    /** The entry with that name, or -1. */
    int find(byte[] name) {
        for (int offset = 0; offset < bytes.length; offset = next(offset)) {
            if (inode(offset) != 0
                    && nameLength(offset) == name.length
                    && Arrays.equals(bytes, offset + NAME, offset + NAME + name.length, name, 0, name.length)) {
                return offset;
            }
        }
        return -1;
    }

    /** Puts an entry where one is free or has room behind its name. False when none has. */
    boolean add(byte[] name, long inode, int type) {
        int need = recordLength(name.length);
        for (int offset = 0; offset < bytes.length; offset = next(offset)) {
            int used = inode(offset) == 0 ? 0 : recordLength(nameLength(offset));
            int room = length(offset) - used;
            if (room >= need) {
                if (used != 0) {
                    putShort(bytes, offset + RECORD_LENGTH, used);
                    buffer.putShort(offset + RECORD_LENGTH, (short) used);
                }
                fill(bytes, offset + used, room, inode, type, name);
                buffer.write(offset + used, bytes, offset + used, need);
                buffer.markDirty();
                return true;
            }
        }
        return false;
    }

    /** Takes an entry away: the one before it gets its place, or it becomes a free one. */
    void remove(int offset) {
        int before = -1;
        for (int at = 0; at < offset; at = next(at)) {
            before = at;
        }
        if (before >= 0) {
            int length = length(before) + length(offset);
            putShort(bytes, before + RECORD_LENGTH, length);
            buffer.putShort(before + RECORD_LENGTH, (short) length);
        }
        putInt(offset, 0);
        buffer.markDirty();
    }

    /** Lets an entry lead to another file. */
    void replace(int offset, long inode, int type) {
        putInt(offset, inode);
        bytes[offset + TYPE] = (byte) type;
        buffer.put(offset + TYPE, (byte) type);
        buffer.markDirty();
    }

    private void putInt(int offset, long inode) {
        putShort(bytes, offset, (int) inode & 0xffff);
        putShort(bytes, offset + 2, (int) (inode >>> 16));
        buffer.putInt(offset, (int) inode);
    }

    private static void fill(byte[] bytes, int offset, int length, long inode, int type, byte[] name) {
        putShort(bytes, offset, (int) inode & 0xffff);
        putShort(bytes, offset + 2, (int) (inode >>> 16));
        putShort(bytes, offset + RECORD_LENGTH, length);
        bytes[offset + NAME_LENGTH] = (byte) name.length;
        bytes[offset + TYPE] = (byte) type;
        System.arraycopy(name, 0, bytes, offset + NAME, name.length);
    }

    private int getShort(int offset) {
        return (bytes[offset] & 0xff) | ((bytes[offset + 1] & 0xff) << 8);
    }

    private static void putShort(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) value;
        bytes[offset + 1] = (byte) (value >>> 8);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
