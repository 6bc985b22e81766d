// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import kernel.uapi.FileMode;
import kernel.uapi.OpenFlags;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** cp(1). */
final class Cp implements Program {
    static final String USAGE = """
            Usage: cp [-r] SOURCE... DESTINATION
            Copy a file to another name, or files into a directory.

              -r, -R   directories with all that is in them; symbolic links as links
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "rR");
        List<String> names = options.operands();
        boolean recursive = options.has('r') || options.has('R');
        Destination destination = Destination.of(libc, names);
        int status = 0;
        for (String source : names.subList(0, names.size() - 1)) {
            String target = destination.forSource(source);
            status |= recursive ? new CopyTree(libc).copy(source, target) : copy(libc, source, target);
        }
        return status;
    }

    /** Copies one regular file; answers the exit status. */
    static int copy(Libc libc, String source, String target) {
        int from;
        FileStatus status;
        try {
            from = libc.open(source, OpenFlags.O_RDONLY);
            status = libc.fstat(from);
        } catch (SystemCallException.NoSuchFile e) {
            libc.warn("cannot stat '" + source + "': " + e.text());
            return 1;
        } catch (SystemCallException e) {
            libc.warn("cannot open '" + source + "' for reading: " + e.text());
            return 1;
        }
        if (status.isDirectory()) {
            libc.close(from);
            libc.warn("-r not specified; omitting directory '" + source + "'");
            return 1;
        }
        int to;
        try {
            int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC;
            to = libc.open(target, flags, status.mode() & FileMode.PERMISSIONS);
        } catch (SystemCallException e) {
            libc.close(from);
            libc.warn("cannot create regular file '" + target + "': " + e.text());
            return 1;
        }
        int result = 0;
        try {
            copy(libc, from, to);
        } catch (SystemCallException e) {
            boolean reading = e.call().equals("read");
            libc.warn((reading ? "error reading '" + source : "error writing '" + target) + "': " + e.text());
            result = 1;
        }
        // Not in a finally: the kernel ends a process by an error through its stack, and a dead process must not trap.
        libc.raw().close(from);
        libc.raw().close(to);
        return result;
    }

    private static void copy(Libc libc, int from, int to) {
        long buffer = libc.ioBuffer();
        for (int n = libc.read(from, buffer, Libc.IO_BUFFER_BYTES);
                n > 0;
                n = libc.read(from, buffer, Libc.IO_BUFFER_BYTES)) {
            int done = 0;
            while (done < n) {
                done += libc.write(to, buffer + done, n - done);
            }
        }
    }
}
