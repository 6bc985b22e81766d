// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;

/** Finds the paths that match a pattern (glob(3)). */
final class PathExpansion {
    /** What it has to know of the file system. */
    interface Directories {
        /** The names in a directory; none when it cannot be read. An empty path is the current directory. */
        List<String> names(String path);

        boolean exists(String path);

        boolean isDirectory(String path);
    }

    private final Directories directories;

    PathExpansion(Directories directories) {
        this.directories = directories;
    }

    /** The paths in order; empty when nothing matches. */
    List<String> expand(String pattern) {
        List<String> paths = new ArrayList<>();
        expand("", pattern, paths);
        paths.sort(null);
        return paths;
    }

    /** @param base what has been found, up to and with its slash */
    private void expand(String base, String rest, List<String> paths) {
        if (rest.startsWith("/")) {
            expand(base + "/", rest.substring(1), paths);
            return;
        }
        int slash = rest.indexOf('/');
        String component = slash < 0 ? rest : rest.substring(0, slash);
        String behind = slash < 0 ? "" : rest.substring(slash);
        if (!Glob.isPattern(component)) {
            String path = base + Glob.unescape(component);
            if (!behind.isEmpty()) {
                expand(path, behind, paths);
            } else if (directories.exists(path)) {
                paths.add(path);
            }
            return;
        }
        for (String name : directories.names(base)) {
            boolean hidden = name.startsWith(".") && !component.startsWith(".");
            if (hidden || !Glob.matches(component, name)) {
                continue;
            }
            if (behind.isEmpty()) {
                paths.add(base + name);
            } else if (directories.isDirectory(base + name)) {
                expand(base + name, behind, paths);
            }
        }
    }
}
