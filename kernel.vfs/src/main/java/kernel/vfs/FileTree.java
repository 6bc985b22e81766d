// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.EMLINK;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.ENOTEMPTY;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Errno.EXDEV;

import kernel.core.fs.FileSystemHost;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;

/**
 * The tree of all names: what is mounted where, and each change of a name (Linux: the vfs_ functions of fs/namei.c).
 *
 * <p>One host lock makes the changes one after the other; lookups take none. Under it nothing sleeps, touches user memory,
 * traces or enters a driver. A change checks everything and then does everything: one that fails has changed nothing. The
 * errors come in Linux's order.
 */
final class FileTree {
    static final int LINK_MAX = 65000;

    private final FileSystemHost host;
    private final Object lock = new Object();
    private final DiskNames diskNames = new DiskNames(this);
    private final MountTable mounts;
    private final Place root;

    FileTree(FileSystemHost host, FileSystem rootFileSystem, Directory rootDirectory) {
        this.host = host;
        this.mounts = new MountTable(lock, rootFileSystem, rootDirectory);
        this.root = mounts.root();
    }

    FileSystemHost host() {
        return host;
    }

    Place root() {
        return root;
    }

    MountTable mounts() {
        return mounts;
    }

    long now() {
        return host.wallClockNanos();
    }

    /** The attributes of a file that the process makes in a directory (Linux: inode_init_owner). */
    Inode.Birth birth(UserProcess process, Directory directory, int mode) {
        boolean inherits = (directory.mode() & Inode.S_ISGID) != 0;
        int group = inherits ? directory.group() : process.gid();
        int passedOn = inherits && FileMode.isDirectory(mode) ? Inode.S_ISGID : 0;
        return new Inode.Birth(mode | passedOn, process.uid(), group, now());
    }

    /**
     * Enters a new file or directory (Linux: vfs_create, vfs_mkdir, vfs_mknod, vfs_symlink).
     *
     * @param hold whether the caller is going to open the file, which must not go before
     * @return 0, -EEXIST, -ENOENT where the directory has gone, -EROFS, -EACCES, -EPERM for a device, -ENOSPC, -EMLINK
     */
    Made make(UserProcess process, Place parent, String name, NewFile wanted, boolean hold) {
        if (parent.inode() instanceof DiskDirectory) {
            return diskNames.make(process, parent, name, wanted, hold);
        }
        Inode inode = wanted.inMemory(host, parent.inode().fileSystem());
        if (hold && inode instanceof RegularFile file) {
            file.holdForMaker();
        }
        return new Made(make(process, parent, name, inode), inode);
    }

    /** What was made, or a negative errno. */
    record Made(int error, Inode inode) {
        static Made failed(int error) {
            return new Made(error, null);
        }
    }

    private int make(UserProcess process, Place place, String name, Inode inode) {
        long now = now();
        Dentry parent = place.dentry();
        synchronized (lock) {
            Directory directory = parent.directory();
            if (directory.isDead()) {
                return -ENOENT;
            }
            if (directory.lookup(parent, name) != null) {
                return -EEXIST;
            }
            int error = place.mount().isReadOnly() ? -EROFS : NameRules.mayMake(process, directory);
            if (error == 0) {
                error = inode.mayBeMadeBy(process);
            }
            if (error == 0 && inode instanceof Directory && directory.links() >= LINK_MAX) {
                error = -EMLINK;
            }
            return error != 0 ? error : enter(parent, name, inode, now);
        }
    }

    /**
     * Gives a file a further name (Linux: vfs_link).
     *
     * @return 0, -EEXIST, -EXDEV, -ENOENT where the directory or the file has gone, -EACCES, -EPERM for a directory, -EMLINK,
     *     -ENOSPC
     */
    int link(UserProcess process, Place old, Place parent, String name) {
        if (parent.inode() instanceof DiskDirectory) {
            return diskNames.link(process, old, parent, name);
        }
        long now = now();
        Inode inode = old.inode();
        synchronized (lock) {
            Directory directory = parent.dentry().directory();
            if (directory.lookup(parent.dentry(), name) != null) {
                return -EEXIST;
            }
            if (!(directory instanceof TreeDirectory) || directory.isDead()) {
                return -ENOENT;
            }
            if (old.mount() != parent.mount()) {
                return -EXDEV;
            }
            int error = parent.mount().isReadOnly() ? -EROFS : NameRules.mayMake(process, directory);
            if (error != 0) {
                return error;
            }
            if (inode instanceof Directory) {
                return -EPERM;
            }
            if (inode.links() == 0) {
                return -ENOENT;
            }
            if (inode.links() >= LINK_MAX) {
                return -EMLINK;
            }
            error = enter(parent.dentry(), name, inode, now);
            if (error == 0) {
                inode.changed(now);
            }
            return error;
        }
    }

    /**
     * Takes out the name of a file (Linux: vfs_unlink).
     *
     * @param slashes whether the name was followed by slashes, as only a directory's may be
     * @return 0, -ENOENT, -EISDIR, -ENOTDIR, -EACCES, -EPERM, -EBUSY
     */
    int unlink(UserProcess process, Place place, String name, boolean slashes) {
        if (place.inode() instanceof DiskDirectory) {
            return diskNames.remove(process, place, name, slashes, false);
        }
        if (place.mount().isReadOnly()) {
            return -EROFS;
        }
        long now = now();
        Dentry parent = place.dentry();
        synchronized (lock) {
            Dentry dentry = parent.directory().lookup(parent, name);
            if (dentry == null) {
                return -ENOENT;
            }
            if (slashes) {
                return dentry.directory() != null ? -EISDIR : -ENOTDIR;
            }
            int error = NameRules.mayDelete(process, parent.directory(), dentry, false);
            if (error != 0) {
                return error;
            }
            remove(parent, dentry, now);
            return 0;
        }
    }

    /**
     * Takes out an empty directory (Linux: vfs_rmdir).
     *
     * @return 0, -ENOENT, -ENOTDIR, -ENOTEMPTY, -EACCES, -EPERM, -EBUSY for a mount point
     */
    int removeDirectory(UserProcess process, Place place, String name) {
        if (place.inode() instanceof DiskDirectory) {
            return diskNames.remove(process, place, name, false, true);
        }
        if (place.mount().isReadOnly()) {
            return -EROFS;
        }
        long now = now();
        Dentry parent = place.dentry();
        synchronized (lock) {
            Dentry dentry = parent.directory().lookup(parent, name);
            if (dentry == null) {
                return -ENOENT;
            }
            int error = NameRules.mayDelete(process, parent.directory(), dentry, true);
            if (error != 0) {
                return error;
            }
            if (dentry.mounted() != null) {
                return -EBUSY;
            }
            if (!((TreeDirectory) dentry.directory()).isEmpty()) {
                return -ENOTEMPTY;
            }
            remove(parent, dentry, now);
            return 0;
        }
    }

    /** One side of a rename: the last component of a path, in the directory that holds it. */
    record Name(Place parent, String name, boolean slashes) {
        Dentry directory() {
            return parent.dentry();
        }
    }

    /**
     * Gives a file or directory another name, in place of what has that name (Linux: do_renameat2, vfs_rename).
     *
     * @return 0, -ENOENT, -ENOTDIR, -EISDIR, -ENOTEMPTY, -EINVAL into itself, -EACCES, -EPERM, -EBUSY for a mount point,
     *     -EMLINK
     */
    int rename(UserProcess process, Name from, Name to) {
        if (from.parent().inode() instanceof DiskDirectory) {
            return diskNames.rename(process, from, to);
        }
        if (from.parent().mount().isReadOnly()) {
            return -EROFS;
        }
        long now = now();
        synchronized (lock) {
            Dentry source = from.directory().directory().lookup(from.directory(), from.name());
            if (source == null || to.directory().directory().isDead()) {
                return -ENOENT;
            }
            if (source.directory() == null && (from.slashes() || to.slashes())) {
                return -ENOTDIR;
            }
            if (to.directory().isBelowOrAt(source)) {
                return -EINVAL;
            }
            Dentry target = to.directory().directory().lookup(to.directory(), to.name());
            if (target != null && from.directory().isBelowOrAt(target)) {
                return -ENOTEMPTY;
            }
            if (target != null && target.inode().is(source.inode())) {
                return 0;
            }
            int error = NameRules.mayRename(process, from, source, to, target);
            if (error == 0) {
                move(source, from, to, target, now);
            }
            return error;
        }
    }

    private static void move(Dentry source, Name from, Name to, Dentry target, long now) {
        TreeDirectory oldDirectory = (TreeDirectory) from.directory().directory();
        TreeDirectory newDirectory = (TreeDirectory) to.directory().directory();
        oldDirectory.detach(source);
        source.move(to.directory(), to.name());
        newDirectory.enter(source);
        // Only now, so that a lookup at any moment finds one of the two names.
        oldDirectory.forget(from.name(), source);
        if (target != null) {
            dropped(target, now);
        }
        source.inode().changed(now);
        oldDirectory.modified(now);
        newDirectory.modified(now);
    }

    private static int enter(Dentry parent, String name, Inode inode, long now) {
        TreeDirectory directory = (TreeDirectory) parent.directory();
        if (!directory.fileSystem().takeName()) {
            return -ENOSPC;
        }
        inode.addLink();
        directory.enter(new Dentry(name, parent, inode));
        directory.modified(now);
        return 0;
    }

    private static void remove(Dentry parent, Dentry dentry, long now) {
        TreeDirectory directory = (TreeDirectory) parent.directory();
        directory.remove(dentry);
        directory.modified(now);
        dropped(dentry, now);
    }

    private static void dropped(Dentry dentry, long now) {
        Inode inode = dentry.inode();
        inode.fileSystem().giveName();
        inode.dropLink();
        inode.changed(now);
        if (inode instanceof TreeDirectory directory) {
            directory.kill();
        }
    }

    /** Moves a dentry while nobody follows the way from a name to the root. */
    void moved(Runnable move) {
        synchronized (lock) {
            move.run();
        }
    }

    /** Enters a name for the kernel itself; what has the name already stays. Answers whether it was made. */
    boolean makeForKernel(Dentry parent, String name, Inode inode) {
        synchronized (lock) {
            TreeDirectory directory = (TreeDirectory) parent.directory();
            boolean free = !directory.isDead() && directory.lookup(name) == null;
            return free && enter(parent, name, inode, inode.modifiedNanos()) == 0;
        }
    }

    /** Takes a name out for the kernel itself, if it still is that inode's and, as a directory, empty. */
    void removeForKernel(Dentry parent, Dentry dentry, Inode inode) {
        long now = now();
        synchronized (lock) {
            boolean same = dentry != null && dentry.inode().is(inode) && dentry.isLinked() && dentry.parent() == parent;
            boolean free = !(inode instanceof TreeDirectory directory) || directory.isEmpty();
            if (same && free) {
                remove(parent, dentry, now);
            }
        }
    }

    /** Lists a directory's entries (see {@link Directory#list}) where it keeps them in memory. */
    void list(Directory directory, DirectoryListing listing, long position) {
        if (!(directory instanceof TreeDirectory)) {
            directory.list(listing, position);
            return;
        }
        synchronized (lock) {
            directory.list(listing, position);
        }
    }
}
