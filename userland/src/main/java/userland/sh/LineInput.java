// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import kernel.uapi.Errno;
import kernel.uapi.Limits;
import kernel.uapi.Seek;
import userland.libc.Arena;
import userland.libc.Libc;
import userland.libc.SystemCallException;
import userland.libc.Terminal;

/**
 * Reads lines from a descriptor and not a byte more: what follows belongs to the commands that the shell starts. A terminal gives a line at a
 * time by itself, a file is set back, anything else is read byte by byte.
 */
final class LineInput {
    private static final int LINE_BYTES_MAX = 1 << 20;

    private final Libc libc;
    private final int fd;
    private final Interrupts interrupts;

    LineInput(Libc libc, int fd, Interrupts interrupts) {
        this.libc = libc;
        this.fd = fd;
        this.interrupts = interrupts;
    }

    /** The next line with its newline, which the last one may lack; null at the end. */
    String readLine() {
        boolean seekable = libc.raw().lseek(fd, 0, Seek.SEEK_CUR) >= 0;
        boolean whole = seekable || new Terminal(libc, fd).exists();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (Arena arena = libc.arena()) {
            int size = whole ? Limits.PAGE_SIZE : 1;
            long buffer = arena.allocate(size);
            byte[] bytes = new byte[size];
            boolean complete = false;
            while (!complete && line.size() < LINE_BYTES_MAX) {
                int count = read(buffer, size);
                if (count == 0) {
                    break;
                }
                libc.processor().load(buffer, bytes, 0, count);
                int end = 0;
                while (end < count && !complete) {
                    complete = bytes[end++] == '\n';
                }
                line.write(bytes, 0, end);
                if (seekable && end < count) {
                    libc.raw().lseek(fd, (long) end - count, Seek.SEEK_CUR);
                }
            }
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    private int read(long buffer, int size) {
        while (true) {
            interrupts.check();
            try {
                return libc.read(fd, buffer, size);
            } catch (SystemCallException e) {
                if (e.errno() != Errno.EINTR) {
                    throw e;
                }
            }
        }
    }
}
