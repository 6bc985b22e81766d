// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kernel.uapi.Errno;
import kernel.uapi.Limits;
import kernel.uapi.Seek;

/**
 * A descriptor to read lines from, with a buffer of one page in user memory. It reads only when the buffer is empty, one page at the most,
 * and never once more after it has what was asked for: from a sensor or a terminal one read is one reading.
 */
public final class Input {
    private static final int BUFFER_BYTES = Limits.PAGE_SIZE;
    /** A longer line is refused with ENOMEM, or {@code sort /dev/zero} would take all there is. */
    private static final int LINE_BYTES_MAX = 1 << 20;

    private static final byte[] NOTHING = {};

    private final Libc libc;
    private final int fd;
    private long buffer;
    /** The same bytes on this side, so that looking at one costs no load. */
    private byte[] bytes = NOTHING;

    private int position;
    private int limit;

    Input(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /** The input of a forked child, with what the parent had read ahead. */
    Input(Libc libc, Input parent) {
        this.libc = libc;
        this.fd = parent.fd;
        this.buffer = parent.buffer;
        this.bytes = parent.bytes.clone();
        this.position = parent.position;
        this.limit = parent.limit;
    }

    public int fd() {
        return fd;
    }

    /** The next byte, or -1 at the end. */
    public int read() {
        return position < limit || fill() ? bytes[position++] & 0xff : -1;
    }

    /** The next line with its newline, which only the last one may lack; null at the end. */
    public byte[] readLineBytes() {
        if (position == limit && !fill()) {
            return null;
        }
        byte[] line = NOTHING;
        do {
            int end = endOfLine();
            int old = line.length;
            if (old + end - position > LINE_BYTES_MAX) {
                throw SystemCallException.of(Errno.ENOMEM, "line too long", null);
            }
            line = Arrays.copyOf(line, old + end - position);
            System.arraycopy(bytes, position, line, old, end - position);
            position = end;
        } while (line[line.length - 1] != '\n' && fill());
        return line;
    }

    /** The next line without its newline; null at the end. */
    public String readLine() {
        byte[] line = readLineBytes();
        if (line == null) {
            return null;
        }
        int length = line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    /** Gives what was read ahead back to the file, if it can seek, so that the next program finds it. */
    public void giveBack() {
        if (position < limit && libc.raw().lseek(fd, position - limit, Seek.SEEK_CUR) >= 0) {
            position = limit;
        }
    }

    /**
     * Closes the descriptor and gives the buffer back. Not an AutoCloseable on purpose: a process that the kernel ends leaves by an error through
     * its stack, and must not trap on the way.
     */
    public void close() {
        libc.raw().close(fd);
        freeBuffer();
    }

    /** Gives the buffer back, with what was read ahead. */
    public void freeBuffer() {
        libc.heap().free(buffer);
        buffer = 0;
        position = 0;
        limit = 0;
    }

    /** One read(2); false at the end of the file. */
    private boolean fill() {
        if (buffer == 0) {
            buffer = libc.heap().malloc(BUFFER_BYTES);
            bytes = new byte[BUFFER_BYTES];
        }
        long result;
        do {
            result = libc.raw().read(fd, buffer, BUFFER_BYTES);
        } while (result == -Errno.EINTR);
        position = 0;
        limit = (int) Libc.check(result, "read error", null);
        libc.processor().load(buffer, bytes, 0, limit);
        return limit > 0;
    }

    private int endOfLine() {
        for (int i = position; i < limit; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return limit;
    }
}
