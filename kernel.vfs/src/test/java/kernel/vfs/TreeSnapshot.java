// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.uapi.FileMode;

/** Everything there is below a directory as text, by system calls of root, to compare before and after. */
final class TreeSnapshot {
    private final FakeProcess root;
    private final StringBuilder text = new StringBuilder();

    private TreeSnapshot(FakeProcess root) {
        this.root = root;
    }

    /** One line for each file: all attributes but the time of access, and what it holds. */
    static String of(FakeHost host, String path) {
        TreeSnapshot snapshot = new TreeSnapshot(host.root());
        snapshot.describe(path);
        return snapshot.text.toString();
    }

    private void describe(String path) {
        FakeProcess.Stat stat = root.lstat(path);
        text.append(path).append(' ').append(Integer.toOctalString(stat.mode()));
        text.append(' ')
                .append(stat.uid())
                .append(' ')
                .append(stat.gid())
                .append(' ')
                .append(stat.inode());
        text.append(' ')
                .append(stat.links())
                .append(' ')
                .append(stat.size())
                .append(' ')
                .append(stat.blocks());
        text.append(' ').append(stat.modified()).append(' ').append(stat.changed());
        if (FileMode.isLink(stat.mode())) {
            text.append(" -> ").append(root.readLink(path));
        } else if (FileMode.isRegular(stat.mode())) {
            text.append(" = ").append(root.content(path).hashCode());
        }
        text.append('\n');
        if (FileMode.isDirectory(stat.mode())) {
            String prefix = path.equals("/") ? "/" : path + "/";
            root.list(path).forEach(name -> describe(prefix + name));
        }
    }
}
