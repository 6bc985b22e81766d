// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_FDCWD;

import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/** chmod, fchmod, truncate, ftruncate (Linux: fs/open.c). */
final class AttributeCalls {
    private final FileTree tree;

    AttributeCalls(FileTree tree) {
        this.tree = tree;
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.CHMOD, (process, path, mode, c, d, e, f) -> chmod(process, path, (int) mode));
        calls.register(
                SystemCallNumber.FCHMOD, (process, fd, mode, c, d, e, f) -> fchmod(process, (int) fd, (int) mode));
        calls.register(
                SystemCallNumber.TRUNCATE, (process, path, length, c, d, e, f) -> truncate(process, path, length));
        calls.register(
                SystemCallNumber.FTRUNCATE, (process, fd, length, c, d, e, f) -> ftruncate(process, (int) fd, length));
    }

    private int chmod(UserProcess process, long address, int mode) {
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toEnd(process, walk, address);
        return error != 0 ? error : walk.inode().changeMode(process, mode, tree.now());
    }

    private int fchmod(UserProcess process, int fd, int mode) {
        FileDescription file = process.files().get(fd);
        if (file == null || (file.flags() & OpenFlags.O_PATH) != 0) {
            return -EBADF;
        }
        return file.node() instanceof Place place ? place.inode().changeMode(process, mode, tree.now()) : -EINVAL;
    }

    /** @return 0, -EINVAL for a negative length or what is no regular file, -EISDIR, -EACCES, -EFBIG, and what a walk gives */
    private int truncate(UserProcess process, long address, long length) {
        if (length < 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toEnd(process, walk, address);
        if (error != 0) {
            return error;
        }
        Inode inode = walk.inode();
        if (inode instanceof Directory) {
            return -EISDIR;
        }
        if (!FileMode.isRegular(inode.mode())) {
            return -EINVAL;
        }
        error = inode.permission(process, Inode.MAY_WRITE);
        return error != 0 ? error : truncate(process, inode, length);
    }

    /** @return 0, -EBADF, -EINVAL for a negative length, what is no regular file, or is not open for writing; -EFBIG */
    private int ftruncate(UserProcess process, int fd, long length) {
        if (length < 0) {
            return -EINVAL;
        }
        FileDescription file = process.files().get(fd);
        if (file == null || (file.flags() & OpenFlags.O_PATH) != 0) {
            return -EBADF;
        }
        boolean isRegular = file.node() instanceof Place place
                && FileMode.isRegular(place.inode().mode());
        if (!isRegular || !OpenFlags.mayWrite(file.flags())) {
            return -EINVAL;
        }
        return truncate(process, ((Place) file.node()).inode(), length);
    }

    /** A file of /proc has no length to change. */
    private static int truncate(UserProcess process, Inode inode, long length) {
        return inode instanceof RegularFile file ? file.truncate(process, length) : 0;
    }

    private static int toEnd(UserProcess process, PathWalk walk, long address) {
        String path = process.readUserString(address, PATH_MAX);
        int error = PathName.check(path);
        return error != 0 ? error : walk.toEnd(AT_FDCWD, path, true);
    }
}
