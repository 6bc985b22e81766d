// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** sync(1). */
final class Sync implements Program {
    static final String USAGE = """
            Usage: sync [-df] [FILE...]
            Write what is in memory to the disks.

              -d   of each file its data only
              -f   the whole file systems that the files are in
            """;

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "df");
        if (options.operands().isEmpty()) {
            libc.raw().sync();
            return 0;
        }
        int status = 0;
        for (String path : options.operands()) {
            try {
                int fd = libc.open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
                long result = options.has('f')
                        ? libc.raw().syncfs(fd)
                        : options.has('d')
                                ? libc.raw().fdatasync(fd)
                                : libc.raw().fsync(fd);
                libc.close(fd);
                if (result < 0) {
                    libc.warn("error syncing '" + path + "': " + Errno.text((int) -result));
                    status = 1;
                }
            } catch (SystemCallException e) {
                libc.warn("error opening '" + path + "': " + e.text());
                status = 1;
            }
        }
        return status;
    }
}
