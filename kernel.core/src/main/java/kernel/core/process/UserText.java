// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.Arrays;

/** Zero-terminated strings in user memory, read piece by piece so that no page behind the terminator is touched. */
final class UserText {
    private static final int PIECE = 256;

    private UserText() {}

    /** The bytes before the terminator, at most that many; null when the address is bad. */
    static byte[] read(Proc process, long address, int maxBytes) {
        byte[] bytes = new byte[Math.min(maxBytes, PIECE - (int) (address & PIECE - 1))];
        int length = 0;
        while (length < maxBytes) {
            int piece = bytes.length - length;
            long missing = process.memory().copyFromUser(process, bytes, length, address + length, piece, piece);
            if (missing > 0) {
                return null;
            }
            int end = indexOfZero(bytes, length);
            if (end >= 0) {
                return Arrays.copyOf(bytes, end);
            }
            length = bytes.length;
            bytes = Arrays.copyOf(bytes, Math.min(maxBytes, length + PIECE));
        }
        return bytes;
    }

    private static int indexOfZero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
