// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.ELOOP;
import static kernel.uapi.Errno.EMFILE;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Errno.ESTALE;
import static kernel.uapi.FileMode.PERMISSIONS;
import static kernel.uapi.FileMode.S_IFBLK;
import static kernel.uapi.FileMode.S_IFCHR;
import static kernel.uapi.FileMode.S_IFDIR;
import static kernel.uapi.FileMode.S_IFIFO;
import static kernel.uapi.FileMode.S_IFREG;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_FDCWD;
import static kernel.uapi.OpenFlags.O_CLOEXEC;
import static kernel.uapi.OpenFlags.O_CREAT;
import static kernel.uapi.OpenFlags.O_DIRECTORY;
import static kernel.uapi.OpenFlags.O_EXCL;
import static kernel.uapi.OpenFlags.O_NOFOLLOW;
import static kernel.uapi.OpenFlags.O_PATH;
import static kernel.uapi.OpenFlags.O_TRUNC;
import static kernel.uapi.OpenFlags.O_WRONLY;

import kernel.core.fs.FileDescription;
import kernel.core.fs.FileTable;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.Limits;
import kernel.uapi.MountFlags;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/** open, openat, creat (Linux: do_sys_open of fs/open.c, path_openat of fs/namei.c). */
final class OpenCalls {
    private static final int WITH_PATH_ONLY = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;

    private final FileTree tree;

    OpenCalls(FileTree tree) {
        this.tree = tree;
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.OPEN,
                (process, path, flags, mode, d, e, f) -> open(process, AT_FDCWD, path, (int) flags, (int) mode));
        calls.register(
                SystemCallNumber.OPENAT,
                (process, dir, path, flags, mode, e, f) -> open(process, (int) dir, path, (int) flags, (int) mode));
        calls.register(
                SystemCallNumber.CREAT,
                (process, path, mode, c, d, e, f) ->
                        open(process, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, (int) mode));
    }

    private int open(UserProcess process, int directoryFd, long address, int flags, int mode) {
        return open(process, directoryFd, process.readUserString(address, PATH_MAX), flags, mode);
    }

    /** Opens a path and gives it the lowest free descriptor; a descriptor or a negative errno. */
    int open(UserProcess process, int directoryFd, String path, int flags, int mode) {
        int wanted = (flags & O_PATH) != 0 ? flags & WITH_PATH_ONLY : flags;
        if ((wanted & O_CREAT) != 0 && (wanted & O_DIRECTORY) != 0) {
            return -EINVAL;
        }
        int error = PathName.check(path);
        if (error != 0) {
            return error;
        }
        // Before anything is made or truncated; only this process fills its table, so there still is room at the end.
        if (!hasRoom(process.files(), 1)) {
            return -EMFILE;
        }
        while (true) {
            PathWalk walk = new PathWalk(tree.root(), process);
            int result = open(process, walk, directoryFd, path, wanted, mode);
            if (result != -ESTALE) {
                return result;
            }
            // The file went between the walk and the opening: where it was renamed over, another is there now.
        }
    }

    private int open(UserProcess process, PathWalk walk, int directoryFd, String path, int flags, int mode) {
        if ((flags & O_CREAT) == 0) {
            int error = walk.toEnd(directoryFd, path, (flags & O_NOFOLLOW) == 0);
            return error != 0 ? error : openFound(process, walk, path, flags);
        }
        int error = walk.toParent(directoryFd, path);
        return error != 0 ? error : openOrMake(process, walk, path, flags, mode);
    }

    /** Whether a process may have that many more descriptors. */
    static boolean hasRoom(FileTable files, int wanted) {
        int free = Limits.OPEN_MAX - files.limit();
        for (int fd = 0; fd < files.limit() && free < wanted; fd++) {
            free += files.get(fd) == null ? 1 : 0;
        }
        return free >= wanted;
    }

    /** With O_CREAT: at the directory where the last component is to be found or made (Linux: open_last_lookups). */
    private int openOrMake(UserProcess process, PathWalk walk, String path, int flags, int mode) {
        while (true) {
            if (walk.last() != PathWalk.Last.NAME) {
                walk.takeDots();
                return (flags & O_EXCL) != 0 ? -EEXIST : -EISDIR;
            }
            if (walk.endsInSlashes()) {
                return -EISDIR;
            }
            Dentry found = walk.lookup();
            if (found == null && walk.missing() != -ENOENT) {
                return walk.missing();
            }
            if (found == null) {
                Directory directory = walk.dentry().directory();
                int permissions = mode
                        & PERMISSIONS
                        & ~WorkingPlace.of(process, tree.root()).umask();
                Inode.Birth birth = tree.birth(process, directory, S_IFREG | permissions);
                FileTree.Made made = tree.make(process, walk.place(), walk.name(), new NewFile(birth, 0, null), true);
                if (made.error() == 0) {
                    return openMade(process, walk, path, flags, made.inode());
                }
                if (made.error() != -EEXIST) {
                    return made.error();
                }
                // Somebody else made it in between.
            } else if ((flags & O_EXCL) != 0) {
                return -EEXIST;
            } else if (found.inode() instanceof SymbolicLink link && (flags & O_NOFOLLOW) == 0) {
                int error = walk.follow(link);
                if (error != 0) {
                    return error;
                }
            } else if (isTrap(process, walk.dentry().directory(), found.inode())) {
                return -EACCES;
            } else {
                walk.arriveAt(found);
                process.traceLookup("inode", found.inode().label());
                return walk.dentry().directory() != null ? -EISDIR : openFound(process, walk, path, flags);
            }
        }
    }

    /**
     * Whether it is what somebody may have put into a public directory for others to open by mistake, who mean to make a file
     * (Linux: may_create_in_sticky): neither a regular file nor a pipe.
     */
    private static boolean isTrap(UserProcess process, Directory directory, Inode inode) {
        int publicBits = Inode.S_ISVTX | Inode.S_IWOTH;
        boolean odd = inode.type() != S_IFREG && inode.type() != S_IFIFO && inode.type() != S_IFDIR;
        return odd
                && (directory.mode() & publicBits) == publicBits
                && inode.user() != directory.user()
                && inode.user() != process.uid();
    }

    /** Opens what this call made: whatever its permissions say. */
    private int openMade(UserProcess process, PathWalk walk, String path, int flags, Inode made) {
        process.traceLookup("inode", made.label());
        Dentry dentry = Dentry.unkept(walk.name(), walk.dentry(), made);
        Place place = new Place(walk.place().mount(), dentry);
        // The inode is held since it was made.
        place.mount().hold(OpenFlags.mayWrite(flags));
        return install(process, new Opening(tree.host(), process, place, name(walk, path), flags & ~O_TRUNC, true));
    }

    /** Opens the file where the walk has arrived (Linux: do_open, may_open). */
    private int openFound(UserProcess process, PathWalk walk, String path, int flags) {
        Inode inode = walk.inode();
        boolean isDirectory = inode instanceof Directory;
        if ((flags & O_DIRECTORY) != 0 && !isDirectory) {
            return -ENOTDIR;
        }
        Opening opening = new Opening(tree.host(), process, walk.place(), name(walk, path), flags, false);
        if ((flags & O_PATH) != 0) {
            return walk.place().hold(flags)
                    ? finish(process, opening.describe(PathOnlyOperations.INSTANCE), flags)
                    : -ESTALE;
        }
        if (inode instanceof SymbolicLink) {
            return -ELOOP;
        }
        int access = access(flags);
        if (isDirectory && (access & Inode.MAY_WRITE) != 0) {
            return -EISDIR;
        }
        int error = inode.permission(process, access);
        if (error == 0) {
            error = mountAllows(walk.place().mount(), inode, access);
        }
        if (error != 0) {
            return error;
        }
        return walk.place().hold(flags) ? install(process, opening) : -ESTALE;
    }

    /** @return 0, -EACCES for a device where there are to be none, -EROFS for writing where nothing can be changed */
    private static int mountAllows(Mount mount, Inode inode, int access) {
        int type = inode.type();
        if ((type == S_IFCHR || type == S_IFBLK) && mount.has(MountFlags.MS_NODEV)) {
            return -EACCES;
        }
        return type == S_IFREG && (access & Inode.MAY_WRITE) != 0 && mount.isReadOnly() ? -EROFS : 0;
    }

    private static int access(int flags) {
        int access = OpenFlags.mayRead(flags) ? Inode.MAY_READ : 0;
        return OpenFlags.mayWrite(flags) || (flags & O_TRUNC) != 0 ? access | Inode.MAY_WRITE : access;
    }

    /** Lets the inode open itself, and installs the file; what was opened is closed again where that fails. */
    private static int install(UserProcess process, Opening opening) {
        int result = -EMFILE;
        try {
            result = opening.inode().open(opening);
            if (result == 0) {
                result = finish(process, opening.file(), opening.flags());
            }
            return result;
        } finally {
            if (result < 0 && opening.file() != null) {
                opening.file().put(process);
            } else if (result < 0) {
                opening.place().letGo(process, opening.flags());
            }
        }
    }

    private static int finish(UserProcess process, FileDescription file, int flags) {
        return process.files().install(file, (flags & O_CLOEXEC) != 0);
    }

    /** The absolute path, for messages; not free of dots and links. */
    private String name(PathWalk walk, String path) {
        if (path.charAt(0) == '/') {
            return path;
        }
        String directory = tree.mounts().path(walk.from());
        if (directory == null) {
            return path;
        }
        return directory.endsWith("/") ? directory + path : directory + "/" + path;
    }
}
