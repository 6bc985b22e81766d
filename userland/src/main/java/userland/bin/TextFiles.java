// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.OpenFlags;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/** The small texts of /proc and /sys. */
final class TextFiles {
    private TextFiles() {}

    /** All lines of a file. */
    static List<String> lines(Libc libc, String path) {
        Input input = libc.input(libc.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC));
        try {
            List<String> lines = new ArrayList<>();
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                lines.add(line.endsWith("\n") ? line.substring(0, line.length() - 1) : line);
            }
            return lines;
        } finally {
            input.close();
        }
    }

    /** The first line of a file, without blanks around it; an empty one for a file that is not there. */
    static String value(Libc libc, String path) {
        try {
            List<String> lines = lines(libc, path);
            return lines.isEmpty() ? "" : lines.getFirst().strip();
        } catch (SystemCallException e) {
            return "";
        }
    }

    /** The number that is a file's first line; 0 where there is none. */
    static long number(Libc libc, String path) {
        String value = value(libc, path);
        return value.matches("-?[0-9]{1,18}") ? Long.parseLong(value) : 0;
    }
}
