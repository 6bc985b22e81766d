// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.OpenFlags;
import userland.libc.Input;
import userland.libc.Libc;

/** A line of /proc/mounts. */
record MountEntry(String source, String target, String type, String options) {
    private static final int COLUMNS = 4;

    /** All of them, in the order of their mounts. */
    static List<MountEntry> all(Libc libc) {
        List<MountEntry> entries = new ArrayList<>();
        int fd = libc.open("/proc/mounts", OpenFlags.O_RDONLY);
        try {
            Input input = libc.input(fd);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] columns = line.split(" ", -1);
                if (columns.length >= COLUMNS) {
                    entries.add(new MountEntry(plain(columns[0]), plain(columns[1]), columns[2], columns[3]));
                }
            }
        } finally {
            libc.close(fd);
        }
        return entries;
    }

    /** What separates the columns is an octal number in a name. */
    private static String plain(String column) {
        return column.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
