// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import static kernel.uapi.Errno.*;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import kernel.uapi.Executable;
import kernel.uapi.FileMode;

/** The tree of files of the fake kernel. */
public final class FakeFiles {
    private static final int LINKS_MAX = 8;

    private long lastInode = 1;
    private final Node root = new Node(FileMode.S_IFDIR | 0755, lastInode, null);

    FakeFiles() {}

    public void directory(String path) {
        if (find("/", path, true) == null) {
            directory(parentPath(path));
            add(path, FileMode.S_IFDIR | 0755);
        }
    }

    public Node write(String path, String content) {
        Node node = find("/", path, true);
        if (node == null) {
            node = add(path, FileMode.S_IFREG | 0644);
        }
        node.content = content.getBytes(StandardCharsets.UTF_8);
        return node;
    }

    /** A file whose content is no program: exec answers ENOEXEC. */
    public void script(String path, String content) {
        add(path, FileMode.S_IFREG | 0755).content = content.getBytes(StandardCharsets.UTF_8);
    }

    /** A regular file of that many zero bytes. */
    public void image(String path, int bytes) {
        write(path, "").content = new byte[bytes];
    }

    /** The bytes of a file that is there. */
    public byte[] bytes(String path) {
        return find("/", path, true).content.clone();
    }

    /** The content of a file; null when there is none. */
    public String read(String path) {
        Node node = find("/", path, true);
        return node == null ? null : new String(node.content, StandardCharsets.UTF_8);
    }

    public void link(String path, String target) {
        add(path, FileMode.S_IFLNK | 0777).target = target;
    }

    public void device(String path, int major, int minor, Device device) {
        Node node = add(path, FileMode.S_IFCHR | 0666);
        node.rawDevice = FileMode.device(major, minor);
        node.device = device;
    }

    public void program(String path, Executable program) {
        add(path, FileMode.S_IFREG | 0755).program = program;
    }

    public void programs(Map<String, Executable> programs) {
        programs.forEach(this::program);
    }

    /** A file that is nowhere. */
    Node detached() {
        return new Node(FileMode.S_IFREG | 0600, ++lastInode, null);
    }

    /** The node at a path; null when there is none. */
    Node find(String directory, String path, boolean follow) {
        return find(directory, path, follow, 0);
    }

    private Node find(String directory, String path, boolean follow, int links) {
        if (path.isEmpty() || links > LINKS_MAX) {
            return null;
        }
        Node node = path.startsWith("/") ? root : find("/", directory, true, links);
        String[] names = path.split("/", -1);
        for (int i = 0; i < names.length && node != null; i++) {
            if (names[i].isEmpty() || names[i].equals(".")) {
                node = node.isDirectory() || i == 0 ? node : null;
                continue;
            }
            Node parent = node;
            node = names[i].equals("..") ? parent.parent : parent.children.get(names[i]);
            if (node != null && node.target != null && (follow || i < names.length - 1)) {
                node = find(path(parent), node.target, true, links + 1);
            }
        }
        return node;
    }

    /** Why a path leads nowhere. */
    long whyNot(String directory, String path) {
        Node parent = find(directory, parentPath(path), true);
        return parent != null && !parent.isDirectory() ? -ENOTDIR : -ENOENT;
    }

    Node create(String directory, String path, int mode) {
        Node parent = find(directory, parentPath(path), true);
        if (parent == null || !parent.isDirectory()) {
            return null;
        }
        return child(parent, baseName(path), FileMode.S_IFREG | (mode & ~022));
    }

    long mkdir(String directory, String path, int mode) {
        if (find(directory, path, false) != null) {
            return -EEXIST;
        }
        Node parent = find(directory, parentPath(path), true);
        if (parent == null || !parent.isDirectory()) {
            return whyNot(directory, path);
        }
        child(parent, baseName(path), FileMode.S_IFDIR | (mode & ~022));
        return 0;
    }

    long remove(String directory, String path, boolean wantDirectory) {
        Node node = find(directory, path, false);
        if (node == null) {
            return whyNot(directory, path);
        }
        if (node.isDirectory() != wantDirectory) {
            return wantDirectory ? -ENOTDIR : -EISDIR;
        }
        if (!node.children.isEmpty()) {
            return -ENOTEMPTY;
        }
        node.parent.children.remove(baseName(path));
        return 0;
    }

    long rename(String directory, String from, String to) {
        Node node = find(directory, from, false);
        Node parent = find(directory, parentPath(to), true);
        if (node == null || parent == null) {
            return -ENOENT;
        }
        node.parent.children.remove(baseName(from));
        node.parent = parent;
        parent.children.put(baseName(to), node);
        return 0;
    }

    long hardLink(String directory, String target, String path) {
        Node node = find(directory, target, false);
        return node == null ? -ENOENT : enter(directory, path, node);
    }

    long symbolicLink(String directory, String target, String path) {
        Node node = new Node(FileMode.S_IFLNK | 0777, ++lastInode, null);
        node.target = target;
        return enter(directory, path, node);
    }

    private long enter(String directory, String path, Node node) {
        Node parent = find(directory, parentPath(path), true);
        if (parent == null) {
            return -ENOENT;
        }
        node.parent = parent;
        return parent.children.putIfAbsent(baseName(path), node) == null ? 0 : -EEXIST;
    }

    String path(Node node) {
        if (node == root) {
            return "/";
        }
        String parent = path(node.parent);
        for (Map.Entry<String, Node> entry : node.parent.children.entrySet()) {
            if (entry.getValue() == node) {
                return (parent.equals("/") ? "" : parent) + "/" + entry.getKey();
            }
        }
        throw new IllegalStateException("a node that is nowhere");
    }

    private Node add(String path, int mode) {
        directory(parentPath(path));
        return child(find("/", parentPath(path), true), baseName(path), mode);
    }

    private Node child(Node parent, String name, int mode) {
        Node node = new Node(mode, ++lastInode, parent);
        parent.children.put(name, node);
        return node;
    }

    private static String parentPath(String path) {
        String trimmed = trim(path);
        int slash = trimmed.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : trimmed.substring(0, slash);
    }

    private static String baseName(String path) {
        String trimmed = trim(path);
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String trim(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
