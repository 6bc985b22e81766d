// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.EINVAL;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.core.memory.AddressSpace;

/** /dev/random, /dev/urandom and getrandom (Linux: drivers/char/random.c). */
final class RandomFile implements FileOperations {
    /** GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE. */
    private static final int FLAGS = 7;

    private static final int RANDOM_AND_INSECURE = 6;
    private static final int PIECE_BYTES = 4096;

    private final RandomPool pool;

    RandomFile(RandomPool pool) {
        this.pool = pool;
    }

    /** @return all that was wanted, or less after a signal or a bad address; -EFAULT, -EINTR */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        long done = 0;
        while (done < buffer.length()) {
            byte[] piece = pool.bytes((int) Math.min(buffer.length() - done, PIECE_BYTES));
            long left = context.copyToUser(buffer, done, piece, 0, piece.length);
            done += piece.length - left;
            if (left > 0) {
                return done > 0 ? done : -EFAULT;
            }
            if (done < buffer.length() && context.signalPending()) {
                return done > 0 ? done : -EINTR;
            }
        }
        return done;
    }

    /** What is written stirs nothing: all from the seed. */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return buffer.length();
    }

    /** getrandom(2). */
    long random(ProcessContext context, long address, long count, int flags) {
        if ((flags & ~FLAGS) != 0 || (flags & RANDOM_AND_INSECURE) == RANDOM_AND_INSECURE) {
            return -EINVAL;
        }
        long wanted = Math.clamp(count, 0, Integer.MAX_VALUE);
        return AddressSpace.isUserRange(address, count)
                ? read(context, null, new UserBuffer(address, wanted), 0)
                : -EFAULT;
    }
}
