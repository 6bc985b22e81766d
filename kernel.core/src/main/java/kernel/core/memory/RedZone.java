// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The bytes around and in freed memory by which misuse is found (Linux: include/linux/poison.h). */
final class RedZone {
    /** On either side of a piece, at least. */
    static final int BYTES = 8;

    static final byte ACTIVE = (byte) 0xcc;
    static final byte INACTIVE = (byte) 0xbb;
    static final byte POISON_IN_USE = 0x5a;
    static final byte POISON_FREE = 0x6b;
    static final byte POISON_END = (byte) 0xa5;

    private RedZone() {}

    /** Where the first byte that is not as expected lies, or -1. */
    static long firstOther(MemorySegment segment, long from, long to, byte expected) {
        for (long at = from; at < to; at++) {
            if (segment.get(ValueLayout.JAVA_BYTE, at) != expected) {
                return at;
            }
        }
        return -1;
    }
}
