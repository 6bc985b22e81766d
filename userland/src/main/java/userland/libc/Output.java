// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import kernel.uapi.Errno;
import kernel.uapi.Limits;

/**
 * A descriptor to write text to, with a buffer of one page in user memory (stdio(3)). On a character device it is written out with each
 * line, otherwise when the page is full; the standard output also at exit and before fork.
 */
public final class Output {
    private static final int BUFFER_BYTES = Limits.PAGE_SIZE;

    /** When the buffer is written out. */
    private enum Buffering {
        UNDECIDED,
        LINE,
        BLOCK,
        NONE
    }

    private final Libc libc;
    private final int fd;
    private Buffering buffering;
    private long buffer;
    private int used;

    private Output(Libc libc, int fd, Buffering buffering) {
        this.libc = libc;
        this.fd = fd;
        this.buffering = buffering;
    }

    /** Looks at the file's type when the first byte is written. */
    static Output buffered(Libc libc, int fd) {
        return new Output(libc, fd, Buffering.UNDECIDED);
    }

    /** Each print is one write. */
    static Output unbuffered(Libc libc, int fd) {
        return new Output(libc, fd, Buffering.NONE);
    }

    public int fd() {
        return fd;
    }

    /**
     * Prints text as UTF-8.
     *
     * @throws SystemCallException.WriteFailed perhaps because of text printed earlier: EPIPE, ENOSPC, EIO
     */
    public void print(String text) {
        byte[] bytes = CString.encode(text);
        write(bytes, 0, bytes.length);
    }

    public void println(String line) {
        print(line + "\n");
    }

    public void println() {
        print("\n");
    }

    public void write(byte[] from, int offset, int length) {
        if (length == 0) {
            return;
        }
        decide();
        if (buffering == Buffering.NONE) {
            try (Arena arena = libc.arena()) {
                drain(arena.bytes(from, offset, length), length);
            }
            return;
        }
        if (buffer == 0) {
            buffer = libc.heap().malloc(BUFFER_BYTES);
        }
        int done = 0;
        while (done < length) {
            int chunk = Math.min(length - done, BUFFER_BYTES - used);
            libc.processor().store(buffer + used, from, offset + done, chunk);
            used += chunk;
            done += chunk;
            if (used == BUFFER_BYTES) {
                flush();
            }
        }
        if (buffering == Buffering.LINE && hasNewline(from, offset, length)) {
            flush();
        }
    }

    /** Bytes that already are in user memory, such as those that read(2) just put there; they do not pass through the buffer. */
    public void writeFrom(long address, long count) {
        flush();
        drain(address, count);
    }

    public void flush() {
        int count = used;
        used = 0;
        if (count > 0) {
            drain(buffer, count);
        }
    }

    private void drain(long address, long count) {
        long done = 0;
        while (done < count) {
            long result = libc.raw().write(fd, address + done, count - done);
            if (result == 0) {
                throw SystemCallException.writeFailed(Errno.EIO);
            }
            if (result > 0) {
                done += result;
            } else if (result != -Errno.EINTR) {
                throw SystemCallException.writeFailed((int) -result);
            }
        }
    }

    private void decide() {
        if (buffering == Buffering.UNDECIDED) {
            buffering = libc.isCharacterDevice(fd) ? Buffering.LINE : Buffering.BLOCK;
        }
    }

    private static boolean hasNewline(byte[] bytes, int offset, int length) {
        for (int i = offset + length - 1; i >= offset; i--) {
            if (bytes[i] == '\n') {
                return true;
            }
        }
        return false;
    }
}
