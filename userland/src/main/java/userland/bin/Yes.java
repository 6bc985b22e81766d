// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.nio.charset.StandardCharsets;
import kernel.uapi.Limits;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** yes(1). It fills a buffer once and writes it for ever. */
final class Yes implements Program {
    static final String USAGE = """
            Usage: yes [STRING]...
            Print a line, y when nothing else is said, until it is stopped.
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        String words = arguments.length == 0 ? "y" : String.join(" ", arguments);
        byte[] line = (words + "\n").getBytes(StandardCharsets.UTF_8);
        int size = Math.min(line.length, Libc.IO_BUFFER_BYTES);
        long buffer = libc.ioBuffer();
        int used = 0;
        while (used == 0 || used + size <= Limits.PAGE_SIZE) {
            libc.processor().store(buffer + used, line, 0, size);
            used += size;
        }
        try {
            while (true) {
                libc.stdout().writeFrom(buffer, used);
            }
        } catch (SystemCallException e) {
            libc.warn("standard output: " + e.text());
            return 1;
        }
    }
}
