// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.Arrays;
import java.util.List;
import userland.libc.Libc;

/** The bytes of all files in rows of sixteen, as hexdump and od print them: rows that repeat are one star. */
final class Rows {
    static final int ROW_BYTES = 16;

    /** Prints a row. */
    @FunctionalInterface
    interface Format {
        String row(byte[] bytes, int count);
    }

    /** Prints an offset. */
    @FunctionalInterface
    interface OffsetFormat {
        String offset(long offset);
    }

    private final Libc libc;
    private final OffsetFormat offsetFormat;
    private final Format format;
    private final byte[] bytes = new byte[ROW_BYTES];
    private byte[] last;
    private boolean starred;
    private int used;
    private long offset;

    Rows(Libc libc, OffsetFormat offsetFormat, Format format) {
        this.libc = libc;
        this.offsetFormat = offsetFormat;
        this.format = format;
    }

    /** Prints them, at most so many bytes; answers the exit status. */
    int print(List<String> names, long limit) {
        FileLoop loop = new FileLoop(libc).run(names, (_, fd) -> load(fd, limit));
        if (used > 0) {
            row();
        }
        String end = offsetFormat.offset(offset);
        if (offset > 0 && !end.isEmpty()) {
            libc.stdout().println(end);
        }
        return loop.failed() ? 1 : 0;
    }

    private void load(int fd, long limit) {
        long buffer = libc.ioBuffer();
        while (offset + used < limit) {
            int wanted = (int) Math.min(ROW_BYTES - used, limit - offset - used);
            int n = libc.read(fd, buffer, wanted);
            if (n == 0) {
                return;
            }
            libc.processor().load(buffer, bytes, used, n);
            used += n;
            if (used == ROW_BYTES) {
                row();
            }
        }
    }

    private void row() {
        if (used == ROW_BYTES && last != null && Arrays.equals(last, bytes)) {
            if (!starred) {
                libc.stdout().println("*");
            }
            starred = true;
        } else {
            libc.stdout().println(offsetFormat.offset(offset) + format.row(bytes, used));
            starred = false;
            last = bytes.clone();
        }
        offset += used;
        used = 0;
    }
}
