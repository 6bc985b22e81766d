// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import userland.libc.DirectoryEntry;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SearchPath;
import userland.libc.SystemCallException;
import userland.libc.Terminal;

/** ls(1). */
final class Ls implements Program {
    static final String USAGE = """
            Usage: ls [-aAdilrt1] [FILE]...
            List the entries of directories, or files themselves.

              -a   also names that start with a dot
              -A   the same, without . and ..
              -d   directories themselves, not their entries
              -i   with inode numbers
              -l   long: mode, links, owner, group, size or device number, time, name
              -r   in reverse
              -t   the newest first
              -1   one name a line, which is how it is when the output is no terminal
            """;

    static final int TROUBLE = 2;
    private static final int SCREEN_COLUMNS = 80;

    /** @param status null when only the name is wanted */
    private record Entry(String name, String path, FileStatus status) {}

    private Libc libc;
    private Options options;
    private boolean failed;
    private boolean printed;

    @Override
    public int main(Libc own, String[] arguments) {
        libc = own;
        options = Options.parse(arguments, "aAdilrt1");
        List<String> names = options.operands().isEmpty() ? List.of(".") : options.operands();
        List<Entry> files = new ArrayList<>();
        List<Entry> directories = new ArrayList<>();
        for (String name : names) {
            Entry entry = entry(name, name);
            if (entry != null) {
                boolean list = entry.status.isDirectory() || (!options.has('l') && isDirectory(name));
                (list && !options.has('d') ? directories : files).add(entry);
            }
        }
        if (!files.isEmpty()) {
            print(sorted(files));
        }
        for (Entry directory : sorted(directories)) {
            list(directory.path, names.size() > 1);
        }
        return failed ? TROUBLE : 0;
    }

    private void list(String directory, boolean header) {
        List<Entry> entries = new ArrayList<>();
        long blocks = 0;
        try {
            for (DirectoryEntry entry : libc.listDirectory(directory)) {
                boolean hidden = entry.name().startsWith(".");
                if (hidden && !options.has('a') && (!options.has('A') || entry.isDotOrDotDot())) {
                    continue;
                }
                String path = SearchPath.join(directory, entry.name());
                Entry found = needsStatus() ? entry(entry.name(), path) : new Entry(entry.name(), path, null);
                if (found != null) {
                    entries.add(found);
                    blocks += found.status == null ? 0 : found.status.blocks();
                }
            }
        } catch (SystemCallException e) {
            failed = true;
            libc.warn("cannot open directory '" + directory + "': " + e.text());
            return;
        }
        if (header) {
            libc.stdout().println((printed ? "\n" : "") + directory + ":");
            printed = true;
        }
        if (options.has('l')) {
            libc.stdout().println("total " + blocks / 2);
        }
        print(sorted(entries));
    }

    private boolean needsStatus() {
        return options.has('l') || options.has('t') || options.has('i');
    }

    /** The entry with its status; null when there is none, which is reported. */
    private Entry entry(String name, String path) {
        try {
            return new Entry(name, path, libc.lstat(path));
        } catch (SystemCallException e) {
            failed = true;
            libc.warn("cannot access '" + path + "': " + e.text());
            return null;
        }
    }

    private boolean isDirectory(String path) {
        try {
            return libc.stat(path).isDirectory();
        } catch (SystemCallException _) {
            return false; // A link to nothing: it is listed itself.
        }
    }

    private List<Entry> sorted(List<Entry> entries) {
        Comparator<Entry> order = Comparator.comparing(Entry::name);
        if (options.has('t')) {
            order = Comparator.comparingLong((Entry e) -> -e.status.modificationTimeNanos())
                    .thenComparing(order);
        }
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(options.has('r') ? Collections.reverseOrder(order) : order);
        return sorted;
    }

    private void print(List<Entry> entries) {
        printed = true;
        if (options.has('l')) {
            LongListing listing = new LongListing(new Moment(libc.clock().realTimeNanos()), options.has('i'));
            entries.forEach(entry -> listing.add(entry.status, entry.name + target(entry)));
            libc.stdout().print(listing.text());
            return;
        }
        List<String> names = new ArrayList<>();
        for (Entry entry : entries) {
            names.add(options.has('i') ? entry.status.inode() + " " + entry.name : entry.name);
        }
        Terminal terminal = new Terminal(libc, Libc.STDOUT);
        if (!options.has('1') && terminal.exists()) {
            libc.stdout().print(Columns.layOut(names, terminal.columns(SCREEN_COLUMNS)));
        } else {
            names.forEach(libc.stdout()::println);
        }
    }

    private String target(Entry entry) {
        if (!entry.status.isLink()) {
            return "";
        }
        try {
            return " -> " + libc.readlink(entry.path);
        } catch (SystemCallException _) {
            return ""; // It went away meanwhile.
        }
    }
}
