// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.ENOTEMPTY;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EXDEV;
import static kernel.uapi.FileMode.PERMISSIONS;
import static kernel.uapi.FileMode.S_IFBLK;
import static kernel.uapi.FileMode.S_IFCHR;
import static kernel.uapi.FileMode.S_IFDIR;
import static kernel.uapi.FileMode.S_IFIFO;
import static kernel.uapi.FileMode.S_IFMT;
import static kernel.uapi.FileMode.S_IFREG;
import static kernel.uapi.FileMode.S_IFSOCK;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_FDCWD;
import static kernel.uapi.OpenFlags.AT_REMOVEDIR;

import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.SystemCallNumber;

/** mkdir, mknod, symlink, link, unlink, rmdir, rename (Linux: the do_ functions of fs/namei.c). */
final class NameCalls {
    private static final int DIRECTORY_PERMISSIONS = 01777;

    private final FileTree tree;

    NameCalls(FileTree tree) {
        this.tree = tree;
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.MKDIR,
                (process, path, mode, c, d, e, f) -> makeDirectory(process, AT_FDCWD, path, (int) mode));
        calls.register(
                SystemCallNumber.MKDIRAT,
                (process, dir, path, mode, d, e, f) -> makeDirectory(process, (int) dir, path, (int) mode));
        calls.register(
                SystemCallNumber.MKNOD,
                (process, path, mode, device, d, e, f) -> makeNode(process, path, (int) mode, device));
        calls.register(
                SystemCallNumber.SYMLINK, (process, target, path, c, d, e, f) -> makeLink(process, target, path));
        calls.register(SystemCallNumber.LINK, (process, old, path, c, d, e, f) -> link(process, old, path));
        calls.register(SystemCallNumber.UNLINK, (process, path, b, c, d, e, f) -> unlink(process, AT_FDCWD, path, 0));
        calls.register(
                SystemCallNumber.UNLINKAT,
                (process, dir, path, flags, d, e, f) -> unlink(process, (int) dir, path, (int) flags));
        calls.register(
                SystemCallNumber.RMDIR,
                (process, path, b, c, d, e, f) -> unlink(process, AT_FDCWD, path, AT_REMOVEDIR));
        calls.register(
                SystemCallNumber.RENAME,
                (process, from, to, c, d, e, f) -> rename(process, AT_FDCWD, from, AT_FDCWD, to));
        calls.register(
                SystemCallNumber.RENAMEAT,
                (process, fromDir, from, toDir, to, e, f) -> rename(process, (int) fromDir, from, (int) toDir, to));
    }

    private int makeDirectory(UserProcess process, int directoryFd, long address, int mode) {
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toNewName(process, walk, directoryFd, address, true);
        if (error != 0) {
            return error;
        }
        Inode.Birth birth = birth(process, walk, S_IFDIR | (mode & DIRECTORY_PERMISSIONS));
        return make(process, walk, new NewFile(birth, 0, null));
    }

    /** @return as {@link FileTree#make}; -EPERM for a directory, -EINVAL for what is no file type */
    private int makeNode(UserProcess process, long address, int mode, long device) {
        int type = (mode & S_IFMT) == 0 ? S_IFREG : mode & S_IFMT;
        if (type == S_IFDIR) {
            return -EPERM;
        }
        if (type != S_IFREG && type != S_IFCHR && type != S_IFBLK && type != S_IFIFO && type != S_IFSOCK) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toNewName(process, walk, AT_FDCWD, address, false);
        if (error != 0) {
            return error;
        }
        Inode.Birth birth = birth(process, walk, type | (mode & PERMISSIONS));
        return make(process, walk, new NewFile(birth, device, null));
    }

    private int makeLink(UserProcess process, long targetAddress, long address) {
        String target = process.readUserString(targetAddress, PATH_MAX);
        int error = PathName.check(target);
        if (error != 0) {
            return error;
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        error = toNewName(process, walk, AT_FDCWD, address, false);
        if (error != 0) {
            return error;
        }
        Inode.Birth birth = tree.birth(process, walk.dentry().directory(), SymbolicLink.allMode());
        return make(process, walk, new NewFile(birth, 0, target));
    }

    private int link(UserProcess process, long oldAddress, long address) {
        String oldPath = process.readUserString(oldAddress, PATH_MAX);
        int error = PathName.check(oldPath);
        if (error != 0) {
            return error;
        }
        PathWalk old = new PathWalk(tree.root(), process);
        PathWalk walk = new PathWalk(tree.root(), process);
        error = old.toEnd(AT_FDCWD, oldPath, false);
        if (error == 0) {
            error = toNewName(process, walk, AT_FDCWD, address, false);
        }
        return error != 0 ? error : tree.link(process, old.place(), walk.place(), walk.name());
    }

    /**
     * Walks to the directory of a name that is to be made (Linux: filename_create).
     *
     * @return 0, -EEXIST for what can only be there already, -ENOENT for slashes after what becomes no directory, and what a
     *     walk may give
     */
    private static int toNewName(
            UserProcess process, PathWalk walk, int directoryFd, long address, boolean isDirectory) {
        String path = process.readUserString(address, PATH_MAX);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toParent(directoryFd, path);
        }
        if (error != 0) {
            return error;
        }
        if (walk.last() != PathWalk.Last.NAME) {
            return -EEXIST;
        }
        boolean badSlashes = walk.endsInSlashes() && !isDirectory;
        if (badSlashes) {
            return walk.lookup() != null ? -EEXIST : walk.missing();
        }
        return 0;
    }

    private Inode.Birth birth(UserProcess process, PathWalk walk, int mode) {
        int umask = WorkingPlace.of(process, tree.root()).umask();
        return tree.birth(process, walk.dentry().directory(), mode & ~umask);
    }

    private int make(UserProcess process, PathWalk walk, NewFile wanted) {
        return tree.make(process, walk.place(), walk.name(), wanted, false).error();
    }

    private int unlink(UserProcess process, int directoryFd, long address, int flags) {
        if ((flags & ~AT_REMOVEDIR) != 0) {
            return -EINVAL;
        }
        boolean asDirectory = flags != 0;
        String path = process.readUserString(address, PATH_MAX);
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toParent(directoryFd, path);
        }
        if (error != 0) {
            return error;
        }
        if (walk.last() != PathWalk.Last.NAME) {
            return asDirectory ? dotsError(walk.last()) : -EISDIR;
        }
        return asDirectory
                ? tree.removeDirectory(process, walk.place(), walk.name())
                : tree.unlink(process, walk.place(), walk.name(), walk.endsInSlashes());
    }

    private static int dotsError(PathWalk.Last last) {
        return switch (last) {
            case DOT -> -EINVAL;
            case DOT_DOT -> -ENOTEMPTY;
            default -> -EBUSY;
        };
    }

    private int rename(UserProcess process, int fromFd, long fromAddress, int toFd, long toAddress) {
        String from = process.readUserString(fromAddress, PATH_MAX);
        int error = PathName.check(from);
        if (error != 0) {
            return error;
        }
        String to = process.readUserString(toAddress, PATH_MAX);
        error = PathName.check(to);
        if (error != 0) {
            return error;
        }
        PathWalk source = new PathWalk(tree.root(), process);
        PathWalk target = new PathWalk(tree.root(), process);
        error = source.toParent(fromFd, from);
        if (error == 0) {
            error = target.toParent(toFd, to);
        }
        if (error != 0) {
            return error;
        }
        if (source.place().mount() != target.place().mount()) {
            return -EXDEV;
        }
        if (source.last() != PathWalk.Last.NAME || target.last() != PathWalk.Last.NAME) {
            return -EBUSY;
        }
        return tree.rename(process, name(source), name(target));
    }

    private static FileTree.Name name(PathWalk walk) {
        return new FileTree.Name(walk.place(), walk.name(), walk.endsInSlashes());
    }
}
