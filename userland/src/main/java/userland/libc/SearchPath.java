// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.ArrayList;
import java.util.List;

/** The directories in which commands are looked for. */
public final class SearchPath {
    /** When nobody set {@code PATH}. */
    public static final String DEFAULT = "/bin:/sbin";

    private SearchPath() {}

    /** The parts of a {@code PATH}; an empty one is the current directory. */
    public static List<String> directories(String path) {
        List<String> directories = new ArrayList<>();
        int start = 0;
        while (true) {
            int colon = path.indexOf(':', start);
            directories.add(colon < 0 ? path.substring(start) : path.substring(start, colon));
            if (colon < 0) {
                return directories;
            }
            start = colon + 1;
        }
    }

    /** The path of a name in a directory. */
    public static String join(String directory, String name) {
        if (directory.isEmpty()) {
            return name;
        }
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }
}
