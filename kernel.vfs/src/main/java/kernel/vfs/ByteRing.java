// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

/** A queue of bytes that grows as it is filled. Not thread-safe, limits nothing. */
final class ByteRing {
    private static final int SMALLEST = 256;

    /** The length is a power of two. */
    private byte[] bytes = {};

    private int head;
    private int count;

    int count() {
        return count;
    }

    void put(byte[] from, int offset, int length) {
        makeRoom(length);
        copyIn(head + count, from, offset, length);
        count += length;
    }

    /** Takes the oldest bytes; there must be that many. */
    byte[] take(int length) {
        byte[] taken = new byte[length];
        int start = head & bytes.length - 1;
        int beforeEnd = Math.min(length, bytes.length - start);
        System.arraycopy(bytes, start, taken, 0, beforeEnd);
        System.arraycopy(bytes, 0, taken, beforeEnd, length - beforeEnd);
        head += length;
        count -= length;
        return taken;
    }

    /** Gives back, as the oldest bytes, the end of what was taken. */
    void putBack(byte[] taken, int offset) {
        int length = taken.length - offset;
        makeRoom(length);
        head -= length;
        copyIn(head, taken, offset, length);
        count += length;
    }

    /** Forgets what is in it, and the memory that it took. */
    void clear() {
        bytes = new byte[0];
        head = 0;
        count = 0;
    }

    private void copyIn(int position, byte[] from, int offset, int length) {
        int start = position & bytes.length - 1;
        int beforeEnd = Math.min(length, bytes.length - start);
        System.arraycopy(from, offset, bytes, start, beforeEnd);
        System.arraycopy(from, offset + beforeEnd, bytes, 0, length - beforeEnd);
    }

    private void makeRoom(int more) {
        int wanted = count + more;
        if (wanted <= bytes.length) {
            return;
        }
        byte[] larger = new byte[Math.max(SMALLEST, Integer.highestOneBit(wanted - 1) << 1)];
        int kept = count;
        if (kept > 0) {
            byte[] old = take(kept);
            System.arraycopy(old, 0, larger, 0, kept);
        }
        bytes = larger;
        head = 0;
        count = kept;
    }
}
