// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.ELOOP;
import static kernel.uapi.Errno.ENAMETOOLONG;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Limits.MAXSYMLINKS;
import static kernel.uapi.OpenFlags.AT_FDCWD;

import kernel.api.fs.FileSystemException;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;

/**
 * One walk along a path, component by component, for one process (Linux: struct nameidata and link_path_walk of
 * fs/namei.c). Takes no lock: each step sees the tree as it is at that moment.
 *
 * <p>Methods answer 0 or a negative errno: -ENOENT, -ENOTDIR, -EACCES without the right to search a directory, -ELOOP after
 * {@link kernel.uapi.Limits#MAXSYMLINKS} links, -ENAMETOOLONG, -EBADF for the descriptor to start from.
 */
final class PathWalk {
    /** What the last component of a path is. */
    enum Last {
        /** A name to look up. */
        NAME,
        DOT,
        DOT_DOT,
        /** There is none: the path was slashes only. */
        ROOT
    }

    private final Place root;
    private final UserProcess process;
    private Place from;
    private Mount mount;
    private Dentry dentry;
    private String rest = "";
    private int at;
    private Last last = Last.ROOT;
    private String name = "";
    private boolean slashes;
    private int links;
    private int missing = -ENOENT;

    PathWalk(Place root, UserProcess process) {
        this.root = root;
        this.from = root;
        this.process = process;
    }

    /** Where the walk has arrived. */
    Place place() {
        return new Place(mount, dentry);
    }

    /** Where the path began. */
    Place from() {
        return from;
    }

    Dentry dentry() {
        return dentry;
    }

    Inode inode() {
        return dentry.inode();
    }

    /** After {@link #toParent}: what is still to go. */
    Last last() {
        return last;
    }

    /** After {@link #toParent}: the last component, when it is a name. */
    String name() {
        return name;
    }

    /** After {@link #toParent}: whether the path ends in slashes, which only that of a directory may. */
    boolean endsInSlashes() {
        return slashes;
    }

    /**
     * Walks to the end of a path.
     *
     * @param directoryFd where a relative path begins, or AT_FDCWD
     * @param follow whether a link at the end is followed; before trailing slashes it always is
     */
    int toEnd(int directoryFd, String path, boolean follow) {
        int error = toParent(directoryFd, path);
        boolean wantsDirectory = slashes;
        while (error == 0) {
            if (last != Last.NAME) {
                takeDots();
                break;
            }
            Dentry child = lookup();
            if (child == null) {
                return missing;
            }
            if (!(child.inode() instanceof SymbolicLink link) || !(follow || wantsDirectory)) {
                arriveAt(child);
                break;
            }
            error = follow(link);
            wantsDirectory |= slashes;
        }
        if (error == 0) {
            process.traceLookup("inode", dentry.inode().label());
            return wantsDirectory && dentry.directory() == null ? -ENOTDIR : 0;
        }
        return error;
    }

    /** Walks along all components but the last, and stops in the directory where that one is to be found (Linux: LOOKUP_PARENT). */
    int toParent(int directoryFd, String path) {
        rest = path;
        at = 0;
        int error = start(directoryFd);
        return error != 0 ? error : walk();
    }

    /** Looks up the last component in the directory where {@link #toParent} stopped; null when it is not there, see {@link #missing}. */
    Dentry lookup() {
        try {
            missing = -ENOENT;
            return dentry.directory().lookup(process, dentry, name);
        } catch (FileSystemException e) {
            missing = -e.errno();
            return null;
        }
    }

    /** Why {@link #lookup} found nothing: -ENOENT, or -EIO and the like of a disk. */
    int missing() {
        return missing;
    }

    /** Steps to what {@link #lookup} found, and on to what is mounted there. */
    void arriveAt(Dentry child) {
        process.traceLookup("dentry", name);
        dentry = child;
        enterMounts();
    }

    /** Follows a link found as last component: walks its target as {@link #toParent} does, from the directory of the link on. */
    int follow(SymbolicLink link) {
        int error = take(link);
        return error != 0 ? error : walk();
    }

    /** Takes a last component that is no name. */
    void takeDots() {
        if (last == Last.DOT_DOT) {
            process.traceLookup("dentry", "..");
            leaveMounts();
            dentry = dentry.parent();
            enterMounts();
        }
    }

    private int start(int directoryFd) {
        if (isSlash(0)) {
            from = root;
        } else if (directoryFd == AT_FDCWD) {
            from = WorkingPlace.of(process, root).directory();
        } else {
            FileDescription file = process.files().get(directoryFd);
            if (file == null) {
                return -EBADF;
            }
            if (!(file.node() instanceof Place place) || place.dentry().directory() == null) {
                return -ENOTDIR;
            }
            from = place;
        }
        moveTo(from);
        return 0;
    }

    private int walk() {
        while (true) {
            skipSlashes();
            if (at == rest.length()) {
                last = Last.ROOT;
                slashes = true;
                return 0;
            }
            int error = dentry.inode().permission(process, Inode.MAY_EXECUTE);
            if (error == 0) {
                error = nextComponent();
            }
            if (error != 0 || at == rest.length()) {
                return error;
            }
            error = takeComponent();
            if (error != 0) {
                return error;
            }
        }
    }

    private int nextComponent() {
        int end = rest.indexOf('/', at);
        if (end < 0) {
            end = rest.length();
        }
        name = rest.substring(at, end);
        last = name.equals(".") ? Last.DOT : name.equals("..") ? Last.DOT_DOT : Last.NAME;
        at = end;
        skipSlashes();
        slashes = at > end;
        return PathName.isTooLongAName(name) ? -ENAMETOOLONG : 0;
    }

    /** Takes a component that is not the last. */
    private int takeComponent() {
        if (last != Last.NAME) {
            takeDots();
            return 0;
        }
        Dentry child = lookup();
        if (child == null) {
            return missing;
        }
        if (child.inode() instanceof SymbolicLink link) {
            return take(link);
        }
        arriveAt(child);
        return dentry.directory() == null ? -ENOTDIR : 0;
    }

    /** Puts the target of a link in front of what is left of the path. */
    private int take(SymbolicLink link) {
        if (++links > MAXSYMLINKS) {
            return -ELOOP;
        }
        process.traceLookup("link", name);
        String target;
        try {
            target = link.target(process);
        } catch (FileSystemException e) {
            return -e.errno();
        }
        if (target.isEmpty()) {
            return -ENOENT;
        }
        rest = at < rest.length() ? target + "/" + rest.substring(at) : target;
        at = 0;
        if (isSlash(0)) {
            moveTo(root);
        }
        return 0;
    }

    private void moveTo(Place place) {
        mount = place.mount();
        dentry = place.dentry();
    }

    private void enterMounts() {
        for (Mount over = dentry.mounted(); over != null; over = dentry.mounted()) {
            mount = over;
            dentry = over.root();
            process.traceLookup("mount", over.fileSystem().type());
        }
    }

    private void leaveMounts() {
        while (dentry == mount.root() && mount.point() != null) {
            moveTo(mount.point());
        }
    }

    private void skipSlashes() {
        while (isSlash(at)) {
            at++;
        }
    }

    private boolean isSlash(int index) {
        return index < rest.length() && rest.charAt(index) == '/';
    }
}
