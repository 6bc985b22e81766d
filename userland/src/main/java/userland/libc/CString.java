// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kernel.uapi.Limits;
import kernel.uapi.UserProcessor;

/** Strings in user memory: UTF-8 with a zero at the end. */
final class CString {
    private static final int CHUNK_BYTES = 128;
    /** What exec accepts in one string. */
    private static final int BYTES_MAX = Limits.ARG_MAX;

    private CString() {}

    /** Reads up to the terminating zero, and never from a page behind the one that holds it. */
    static String load(UserProcessor processor, long address) {
        byte[] bytes = new byte[CHUNK_BYTES];
        int length = 0;
        while (length < BYTES_MAX) {
            long next = address + length;
            int toPageEnd = (int) (Limits.PAGE_SIZE - (next & Limits.PAGE_SIZE - 1));
            int chunk = Math.min(CHUNK_BYTES, toPageEnd);
            if (bytes.length < length + chunk) {
                bytes = Arrays.copyOf(bytes, Math.max(length + chunk, 2 * bytes.length));
            }
            processor.load(next, bytes, length, chunk);
            for (int i = length; i < length + chunk; i++) {
                if (bytes[i] == 0) {
                    return new String(bytes, 0, i, StandardCharsets.UTF_8);
                }
            }
            length += chunk;
        }
        return new String(bytes, 0, BYTES_MAX, StandardCharsets.UTF_8);
    }

    static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
