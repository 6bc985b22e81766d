// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import kernel.api.file.UserBuffer;

/** A structure of user memory made of 64-bit words: read or written as a whole. */
final class UserWords {
    private final Proc process;
    private final UserBuffer buffer;
    private final byte[] bytes;

    UserWords(Proc process, long address, int words) {
        this.process = process;
        bytes = new byte[words * Long.BYTES];
        buffer = new UserBuffer(address, bytes.length);
    }

    /** False when the address is bad (EFAULT). */
    boolean read() {
        return process.copyFromUser(bytes, 0, buffer, 0, bytes.length) == 0;
    }

    boolean write() {
        return process.copyToUser(buffer, 0, bytes, 0, bytes.length) == 0;
    }

    long get(int word) {
        return LittleEndian.getLong(bytes, word * Long.BYTES);
    }

    UserWords set(int word, long value) {
        LittleEndian.putLong(bytes, word * Long.BYTES, value);
        return this;
    }
}
