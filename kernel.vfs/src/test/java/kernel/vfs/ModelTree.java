// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tree of names as simple as can be: directories are maps; paths are absolute and without links. */
final class ModelTree {
    private final Map<String, Object> top = new TreeMap<>();

    /** A file, which may have several names. */
    private static final class File {
        String text = "";
    }

    /** The directory that holds the last component, or the errno of not getting there. */
    private record Parent(Map<String, Object> directory, String name, int errno) {
        Object found() {
            return directory.get(name);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asDirectory(Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
    }

    private Parent parent(String path) {
        List<String> names = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
        String last = names.removeLast();
        Map<String, Object> at = top;
        for (String name : names) {
            Object next = at.get(name);
            if (asDirectory(next) == null) {
                return new Parent(null, last, next == null ? ENOENT : ENOTDIR);
            }
            at = asDirectory(next);
        }
        return new Parent(at, last, 0);
    }

    long makeDirectory(String path) {
        Parent parent = parent(path);
        if (parent.errno() != 0) {
            return -parent.errno();
        }
        return parent.directory().putIfAbsent(parent.name(), new TreeMap<String, Object>()) == null ? 0 : -EEXIST;
    }

    long removeDirectory(String path) {
        Parent parent = parent(path);
        if (parent.errno() != 0 || parent.found() == null) {
            return parent.errno() != 0 ? -parent.errno() : -ENOENT;
        }
        if (asDirectory(parent.found()) == null) {
            return -ENOTDIR;
        }
        if (!asDirectory(parent.found()).isEmpty()) {
            return -ENOTEMPTY;
        }
        parent.directory().remove(parent.name());
        return 0;
    }

    long unlink(String path) {
        Parent parent = parent(path);
        if (parent.errno() != 0 || parent.found() == null) {
            return parent.errno() != 0 ? -parent.errno() : -ENOENT;
        }
        if (asDirectory(parent.found()) != null) {
            return -EISDIR;
        }
        parent.directory().remove(parent.name());
        return 0;
    }

    long rename(String path, String other) {
        Parent from = parent(path);
        if (from.errno() != 0) {
            return -from.errno();
        }
        Parent to = parent(other);
        if (to.errno() != 0) {
            return -to.errno();
        }
        if (from.found() == null) {
            return -ENOENT;
        }
        if (other.startsWith(path + "/")) {
            return -EINVAL;
        }
        if (path.startsWith(other + "/")) {
            return -ENOTEMPTY;
        }
        Object source = from.found();
        Object target = to.found();
        if (path.equals(other) || (source instanceof File && source.equals(target))) {
            return 0;
        }
        if (target != null && (asDirectory(source) == null) != (asDirectory(target) == null)) {
            return asDirectory(source) == null ? -EISDIR : -ENOTDIR;
        }
        if (asDirectory(target) != null && !asDirectory(target).isEmpty()) {
            return -ENOTEMPTY;
        }
        from.directory().remove(from.name());
        to.directory().put(to.name(), source);
        return 0;
    }

    long link(String path, String other) {
        Parent from = parent(path);
        if (from.errno() != 0 || from.found() == null) {
            return from.errno() != 0 ? -from.errno() : -ENOENT;
        }
        Parent to = parent(other);
        if (to.errno() != 0) {
            return -to.errno();
        }
        if (to.found() != null) {
            return -EEXIST;
        }
        if (asDirectory(from.found()) != null) {
            return -EPERM;
        }
        to.directory().put(to.name(), from.found());
        return 0;
    }

    long append(String path, String text, boolean mustBeNew) {
        Parent parent = parent(path);
        if (parent.errno() != 0) {
            return -parent.errno();
        }
        if (parent.found() != null && mustBeNew) {
            return -EEXIST;
        }
        if (asDirectory(parent.found()) != null) {
            return -EISDIR;
        }
        File file = (File) parent.directory().computeIfAbsent(parent.name(), name -> new File());
        file.text += text;
        return text.length();
    }

    String describe() {
        return describe(top);
    }

    private static String describe(Map<String, Object> directory) {
        StringBuilder text = new StringBuilder();
        directory.forEach((name, node) -> {
            Map<String, Object> below = asDirectory(node);
            String content = below != null ? "{" + describe(below) + "}" : ((File) node).text;
            text.append(name).append('=').append(content).append(' ');
        });
        return text.toString();
    }
}
