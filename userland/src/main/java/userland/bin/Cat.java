// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.nio.charset.StandardCharsets;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.Program;

/** cat(1). */
final class Cat implements Program {
    static final String USAGE = """
            Usage: cat [-n] [FILE]...
            Write files, one behind the other, to the standard output.

              -n   number the lines
            """;

    private long line;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "nu");
        FileLoop loop = new FileLoop(libc);
        if (options.has('n')) {
            loop.runLines(options.operands(), (_, input) -> number(libc, input));
        } else {
            loop.run(options.operands(), (_, fd) -> copy(libc, fd));
        }
        return loop.failed() ? 1 : 0;
    }

    private static void copy(Libc libc, int fd) {
        long buffer = libc.ioBuffer();
        int count = libc.read(fd, buffer, Libc.IO_BUFFER_BYTES);
        while (count > 0) {
            libc.stdout().writeFrom(buffer, count);
            count = libc.read(fd, buffer, Libc.IO_BUFFER_BYTES);
        }
    }

    private void number(Libc libc, Input input) {
        for (byte[] bytes = input.readLineBytes(); bytes != null; bytes = input.readLineBytes()) {
            byte[] prefix = (LongListing.right(Long.toString(++line), 6) + "\t").getBytes(StandardCharsets.US_ASCII);
            libc.stdout().write(prefix, 0, prefix.length);
            libc.stdout().write(bytes, 0, bytes.length);
        }
    }
}
