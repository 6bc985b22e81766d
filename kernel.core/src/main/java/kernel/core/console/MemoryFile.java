// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOSPC;

import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.uapi.Seek;

/** /dev/null, /dev/zero and /dev/full (Linux: drivers/char/mem.c). */
final class MemoryFile implements FileOperations {
    /** Between two looks at signals and other tasks. */
    private static final int PIECE_BYTES = 1 << 16;

    private final boolean zeroes;
    private final boolean full;

    private MemoryFile(boolean zeroes, boolean full) {
        this.zeroes = zeroes;
        this.full = full;
    }

    static MemoryFile nothing() {
        return new MemoryFile(false, false);
    }

    static MemoryFile zeroes() {
        return new MemoryFile(true, false);
    }

    static MemoryFile full() {
        return new MemoryFile(true, true);
    }

    /** @return 0 of /dev/null, else all that was wanted; -EFAULT when not a byte could be written, -EINTR */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (!zeroes) {
            return 0;
        }
        long done = 0;
        while (done < buffer.length()) {
            long piece = Math.min(buffer.length() - done, PIECE_BYTES);
            long left = context.clearUser(buffer, done, piece);
            done += piece - left;
            if (left > 0) {
                return done > 0 ? done : -EFAULT;
            }
            if (done < buffer.length()) {
                if (context.signalPending()) {
                    return done > 0 ? done : -EINTR;
                }
                context.yieldProcessor();
            }
        }
        return done;
    }

    /** @return all that was wanted; -ENOSPC of /dev/full */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return full ? -ENOSPC : buffer.length();
    }

    /** There is nowhere to go: 0. */
    @Override
    public long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        return whence <= Seek.SEEK_END ? 0 : -EINVAL;
    }
}
