// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import userland.libc.DirectoryEntry;
import userland.libc.FileStatus;
import userland.libc.Libc;
import userland.libc.SearchPath;
import userland.libc.SystemCallException;

/** What the shell wants to know of the file system: where programs are, and which names there are. */
final class CommandSearch implements PathExpansion.Directories {
    private final Libc libc;
    private final Variables variables;

    CommandSearch(Libc libc, Variables variables) {
        this.libc = libc;
        this.variables = variables;
    }

    /** The path of a program; null when it is nowhere. A name with a slash is a path already. */
    String find(String name) {
        if (name.indexOf('/') >= 0) {
            return name;
        }
        for (String directory : directories()) {
            String path = SearchPath.join(directory, name);
            FileStatus status = status(path);
            if (status != null && !status.isDirectory() && status.isExecutable()) {
                return path;
            }
        }
        return null;
    }

    private FileStatus status(String path) {
        try {
            return libc.stat(path);
        } catch (SystemCallException _) {
            return null;
        }
    }

    /** The names of all programs that can be found. */
    SortedSet<String> programs() {
        SortedSet<String> names = new TreeSet<>();
        directories().forEach(directory -> names.addAll(names(directory)));
        return names;
    }

    private List<String> directories() {
        String path = variables.get("PATH");
        return SearchPath.directories(path == null ? SearchPath.DEFAULT : path);
    }

    @Override
    public List<String> names(String path) {
        List<String> names = new ArrayList<>();
        try {
            for (DirectoryEntry entry : libc.listDirectory(path.isEmpty() ? "." : path)) {
                if (!entry.isDotOrDotDot()) {
                    names.add(entry.name());
                }
            }
        } catch (SystemCallException _) {
            return List.of();
        }
        return names;
    }

    @Override
    public boolean isDirectory(String path) {
        FileStatus status = status(path);
        return status != null && status.isDirectory();
    }

    @Override
    public boolean exists(String path) {
        try {
            return libc.lstat(path) != null;
        } catch (SystemCallException _) {
            return false;
        }
    }
}
