// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kernel.uapi.Errno;
import userland.libc.Arena;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** df(1). */
final class Df implements Program {
    static final String USAGE = """
            Usage: df [-ahiT] [FILE...]
            Show how full the file systems are.

              -a   those that have no blocks, too
              -h   sizes as people read them
              -i   inodes and not blocks
              -T   the kind of each file system
            """;

    private static final int STATFS_BYTES = 120;
    private static final int KIB = 1024;
    private static final String UNITS = "KMGTP";

    private record Usage(long blockBytes, long total, long free, long available, long files, long freeFiles) {}

    @Override
    public int main(Libc libc, String[] arguments) {
        Options options = Options.parse(arguments, "ahiT");
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(options));
        int status = 0;
        List<MountEntry> all = MountEntry.all(libc);
        if (options.operands().isEmpty()) {
            for (MountEntry entry : all) {
                Usage usage = usage(libc, entry.target());
                if (usage != null && (usage.total() > 0 || options.has('a'))) {
                    rows.add(row(entry, usage, options));
                }
            }
        }
        for (String path : options.operands()) {
            try {
                MountEntry entry = mountOf(libc, all, libc.stat(path));
                rows.add(row(entry, usage(libc, path), options));
            } catch (SystemCallException e) {
                libc.warn(path + ": " + e.text());
                status = 1;
            }
        }
        if (rows.size() > 1) {
            print(libc, rows, options.has('T') ? 2 : 1);
        }
        return status;
    }

    /** The mount whose root is on the same device; the last one when there are several. */
    private static MountEntry mountOf(Libc libc, List<MountEntry> all, FileStatus file) {
        for (MountEntry entry : all.reversed()) {
            try {
                if (libc.stat(entry.target()).device() == file.device()) {
                    return entry;
                }
            } catch (SystemCallException e) {
                if (e.errno() != Errno.EACCES && e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
        }
        return new MountEntry("-", "-", "-", "");
    }

    private static Usage usage(Libc libc, String path) {
        try (Arena arena = libc.arena()) {
            long buffer = arena.allocate(STATFS_BYTES);
            if (libc.raw().statfs(path, buffer) < 0) {
                return null;
            }
            long[] words = new long[7];
            for (int i = 0; i < words.length; i++) {
                words[i] = libc.processor().loadLong(buffer + (long) i * Long.BYTES);
            }
            return new Usage(words[1], words[2], words[3], words[4], words[5], words[6]);
        }
    }

    private static List<String> header(Options options) {
        List<String> header = new ArrayList<>(List.of("Filesystem"));
        if (options.has('T')) {
            header.add("Type");
        }
        header.addAll(
                options.has('i')
                        ? List.of("Inodes", "IUsed", "IFree", "IUse%")
                        : options.has('h')
                                ? List.of("Size", "Used", "Avail", "Use%")
                                : List.of("1K-blocks", "Used", "Available", "Use%"));
        header.add("Mounted on");
        return header;
    }

    private static List<String> row(MountEntry entry, Usage usage, Options options) {
        List<String> row = new ArrayList<>(List.of(entry.source()));
        if (options.has('T')) {
            row.add(entry.type());
        }
        if (options.has('i')) {
            long used = usage.files() - usage.freeFiles();
            row.add(count(usage.files(), options));
            row.add(count(used, options));
            row.add(count(usage.freeFiles(), options));
            row.add(percent(used, usage.files()));
        } else {
            long used = usage.total() - usage.free();
            row.add(size(usage.total(), usage.blockBytes(), options));
            row.add(size(used, usage.blockBytes(), options));
            row.add(size(usage.available(), usage.blockBytes(), options));
            row.add(percent(used, used + usage.available()));
        }
        row.add(entry.target());
        return row;
    }

    private static String size(long blocks, long blockBytes, Options options) {
        return options.has('h') ? human(blocks * blockBytes) : Long.toString((blocks * blockBytes + KIB - 1) / KIB);
    }

    private static String count(long number, Options options) {
        return options.has('h') ? human(number) : Long.toString(number);
    }

    /** Rounded up, with one digit behind the point below ten, as GNU has it. */
    private static String human(long number) {
        if (number < KIB) {
            return Long.toString(number);
        }
        double value = number;
        int unit = -1;
        while (value >= KIB && unit + 1 < UNITS.length()) {
            value /= KIB;
            unit++;
        }
        double tenths = Math.ceil(value * 10) / 10;
        String text = tenths < 10 ? String.format(Locale.ROOT, "%.1f", tenths) : Long.toString((long) Math.ceil(value));
        return text + UNITS.charAt(unit);
    }

    private static String percent(long used, long total) {
        return total == 0 ? "-" : (used * 100 + total - 1) / total + "%";
    }

    private static void print(Libc libc, List<List<String>> rows, int leftColumns) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns - 1; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i < leftColumns ? row.get(i) + padding : padding + row.get(i))
                        .append(' ');
            }
            libc.stdout().println(line + row.getLast());
        }
    }
}
