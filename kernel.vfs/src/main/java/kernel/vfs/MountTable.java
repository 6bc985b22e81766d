// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.ArrayList;
import java.util.List;

/** What is mounted where (Linux: struct mnt_namespace). Its lock is that of the {@link FileTree}. */
final class MountTable {
    private final Object lock;
    private final Place root;
    private final List<Mount> mounts = new ArrayList<>(4);

    MountTable(Object lock, FileSystem rootFileSystem, Directory rootDirectory) {
        this.lock = lock;
        Mount mount = new Mount(rootFileSystem, Dentry.root(rootDirectory), null, "rw,relatime");
        this.root = mount.place();
        mounts.add(mount);
    }

    Place root() {
        return root;
    }

    /** Covers a directory of the root with a file system; answers the root of that. */
    Dentry mount(FileSystem fileSystem, Directory directory, String name, String options) {
        synchronized (lock) {
            Dentry covered = root.dentry().directory().lookup(root.dentry(), name);
            Place point = new Place(root.mount(), covered);
            Mount mount = new Mount(fileSystem, Dentry.root(directory), point, options);
            mounts.add(mount);
            covered.setMounted(mount);
            return mount.root();
        }
    }

    /** The text of /proc/mounts. */
    String describe() {
        StringBuilder text = new StringBuilder();
        synchronized (lock) {
            for (Mount mount : mounts) {
                String type = mount.fileSystem().type();
                text.append(type).append(' ').append(path(mount.place())).append(' ');
                text.append(type).append(' ').append(mount.options()).append(" 0 0\n");
            }
        }
        return text.toString();
    }

    /** The absolute path of a place, or null when it is in no directory any more (Linux: d_path). */
    String path(Place place) {
        StringBuilder reversed = new StringBuilder();
        synchronized (lock) {
            Mount mount = place.mount();
            Dentry dentry = place.dentry();
            while (true) {
                while (dentry == mount.root()) {
                    if (mount.point() == null) {
                        return reversed.isEmpty() ? "/" : reversed.toString();
                    }
                    dentry = mount.point().dentry();
                    mount = mount.point().mount();
                }
                if (!dentry.isLinked()) {
                    return null;
                }
                reversed.insert(0, dentry.name()).insert(0, '/');
                dentry = dentry.parent();
            }
        }
    }
}
