// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.Arrays;
import kernel.uapi.UserProcessor;

/** Looks whether memory is all zeroes; gives up at the first byte that is not. */
final class Zeroes {
    private static final int STEP_BYTES = 4096;

    private final UserProcessor memory;
    private final byte[] none = new byte[STEP_BYTES];
    private final byte[] looked = new byte[STEP_BYTES];

    Zeroes(UserProcessor memory) {
        this.memory = memory;
    }

    boolean fill(long address, int length) {
        // Most data says it with its first or middle bytes.
        if (length >= Long.BYTES
                && (memory.loadLong(address) != 0 || memory.loadLong(address + length / 2 - Long.BYTES / 2) != 0)) {
            return false;
        }
        for (int done = 0; done < length; done += STEP_BYTES) {
            int piece = Math.min(STEP_BYTES, length - done);
            memory.load(address + done, looked, 0, piece);
            if (Arrays.mismatch(looked, 0, piece, none, 0, piece) >= 0) {
                return false;
            }
        }
        return true;
    }
}
