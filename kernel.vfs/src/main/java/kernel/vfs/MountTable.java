// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOENT;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.MountFlags;

/** What is mounted where (Linux: struct mnt_namespace). Its lock is that of the {@link FileTree}. */
final class MountTable {
    private final Object lock;
    private final Place root;
    private final List<Mount> mounts = new ArrayList<>(4);

    MountTable(Object lock, FileSystem rootFileSystem, Directory rootDirectory) {
        this.lock = lock;
        Mount mount = new Mount(rootFileSystem, Dentry.root(rootDirectory), null, MountFlags.MS_RELATIME, "");
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
            Mount mount = new Mount(fileSystem, Dentry.root(directory), point, MountFlags.MS_RELATIME, options);
            mounts.add(mount);
            covered.setMounted(mount);
            return mount.root();
        }
    }

    /**
     * Covers a directory with a file system.
     *
     * @return 0, -ENOENT when the directory was removed, -EBUSY when it has been covered meanwhile
     */
    int mount(FileSystem fileSystem, Directory directory, Place point, int flags, String options) {
        synchronized (lock) {
            if (!point.dentry().isLinked()) {
                return -ENOENT;
            }
            if (point.dentry().mounted() != null) {
                return -EBUSY;
            }
            Mount mount = new Mount(fileSystem, Dentry.root(directory), point, flags, options);
            mounts.add(mount);
            point.dentry().setMounted(mount);
            return 0;
        }
    }

    /**
     * Takes a mount out of the tree.
     *
     * @param lazily with all that is mounted below, and also while it is used
     * @return what was taken out, the lowest last; empty when it is busy
     */
    List<Mount> unmount(Mount mount, boolean lazily) {
        synchronized (lock) {
            List<Mount> below = below(mount);
            if ((below.size() > 1 && !lazily) || mount.close(lazily) != 0) {
                return List.of();
            }
            for (Mount gone : below.reversed()) {
                gone.close(true);
                gone.point().dentry().setMounted(null);
                mounts.remove(gone);
            }
            return below.reversed();
        }
    }

    /** The mount and all that is mounted on it, each before what is on it. */
    private List<Mount> below(Mount top) {
        List<Mount> found = new ArrayList<>(List.of(top));
        for (int i = 0; i < found.size(); i++) {
            Mount above = found.get(i);
            mounts.stream()
                    .filter(mount -> mount.point() != null && mount.point().mount() == above)
                    .forEach(found::add);
        }
        return found;
    }

    /** Whether that is the root of a mount, and can be taken out: 0 or -EINVAL. */
    int mayUnmount(Place place) {
        synchronized (lock) {
            boolean isRoot = place.dentry() == place.mount().root() && mounts.contains(place.mount());
            return !isRoot || place.mount().point() == null ? -EINVAL : 0;
        }
    }

    /** All file systems, each once, in the order of their mounts. */
    List<FileSystem> fileSystems() {
        synchronized (lock) {
            return mounts.stream().map(Mount::fileSystem).distinct().toList();
        }
    }

    /** The text of /proc/mounts. */
    String describe() {
        StringBuilder text = new StringBuilder();
        synchronized (lock) {
            for (Mount mount : mounts) {
                FileSystem fileSystem = mount.fileSystem();
                text.append(escape(fileSystem.source())).append(' ');
                text.append(escape(path(mount.place()))).append(' ');
                text.append(fileSystem.type())
                        .append(' ')
                        .append(mount.options())
                        .append(" 0 0\n");
            }
        }
        return text.toString();
    }

    /** As Linux's mangle: what separates the columns is an octal number in a name. */
    private static String escape(String name) {
        return name == null
                ? "none"
                : name.replace("\\", "\\134")
                        .replace(" ", "\\040")
                        .replace("\t", "\\011")
                        .replace("\n", "\\012");
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
