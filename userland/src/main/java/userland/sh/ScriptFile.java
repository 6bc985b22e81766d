// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import kernel.uapi.OpenFlags;
import userland.libc.Libc;

/** A file with commands. */
final class ScriptFile {
    private static final int BYTES_MAX = 4 << 20;

    private ScriptFile() {}

    /**
     * Reads all of it.
     *
     * @throws userland.libc.SystemCallException what open and read say
     */
    static String read(Libc libc, String path) {
        int fd = libc.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] bytes = new byte[Libc.IO_BUFFER_BYTES];
        long buffer = libc.ioBuffer();
        int count = libc.read(fd, buffer, bytes.length);
        while (count > 0 && all.size() < BYTES_MAX) {
            libc.processor().load(buffer, bytes, 0, count);
            all.write(bytes, 0, count);
            count = libc.read(fd, buffer, bytes.length);
        }
        libc.close(fd);
        return all.toString(StandardCharsets.UTF_8);
    }
}
