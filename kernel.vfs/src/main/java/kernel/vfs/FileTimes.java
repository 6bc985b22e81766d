// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;

import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;

/**
 * The times that utimensat(2) is given: nanoseconds since the epoch, -1 for one that stays.
 *
 * @param error 0 or a negative errno
 * @param isNow whether both are the present, which whoever may write may set
 */
record FileTimes(int error, long accessedNanos, long modifiedNanos, boolean isNow) {
    private static final long UTIME_NOW = (1L << 30) - 1;
    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int BYTES = 4 * Long.BYTES;

    static FileTimes read(ProcessContext context, long address, long now) {
        if (address == 0) {
            return new FileTimes(0, now, now, true);
        }
        byte[] words = new byte[BYTES];
        if (context.copyFromUser(words, 0, new UserBuffer(address, BYTES), 0, BYTES) != 0) {
            return new FileTimes(-EFAULT, 0, 0, false);
        }
        long accessedPart = LittleEndian.getLong(words, Long.BYTES);
        long modifiedPart = LittleEndian.getLong(words, 3 * Long.BYTES);
        if (!isPart(accessedPart) || !isPart(modifiedPart)) {
            return new FileTimes(-EINVAL, 0, 0, false);
        }
        return new FileTimes(
                0,
                nanos(LittleEndian.getLong(words, 0), accessedPart, now),
                nanos(LittleEndian.getLong(words, 2 * Long.BYTES), modifiedPart, now),
                accessedPart == UTIME_NOW && modifiedPart == UTIME_NOW);
    }

    private static boolean isPart(long nanos) {
        return nanos == UTIME_NOW || nanos == UTIME_OMIT || (nanos >= 0 && nanos < NANOS_PER_SECOND);
    }

    private static long nanos(long seconds, long part, long now) {
        if (part == UTIME_NOW) {
            return now;
        }
        return part == UTIME_OMIT ? -1 : seconds * NANOS_PER_SECOND + part;
    }
}
