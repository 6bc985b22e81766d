// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_EMPTY_PATH;
import static kernel.uapi.OpenFlags.AT_FDCWD;
import static kernel.uapi.OpenFlags.AT_SYMLINK_NOFOLLOW;

import java.nio.charset.StandardCharsets;
import kernel.api.file.UserBuffer;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.SystemCallNumber;

/** stat, lstat, fstat, newfstatat, access, readlink (Linux: fs/stat.c, fs/open.c). */
final class StatCalls {
    /** Accepted and without meaning here: there is nothing to mount automatically (Linux: AT_NO_AUTOMOUNT). */
    private static final int AT_NO_AUTOMOUNT = 0x800;

    private static final int ACCESS_MODES = Inode.MAY_READ | Inode.MAY_WRITE | Inode.MAY_EXECUTE;

    private final FileTree tree;
    private final Inode anonymous;

    /** @param anonymous the inode of open files that are in no file system */
    StatCalls(FileTree tree, Inode anonymous) {
        this.tree = tree;
        this.anonymous = anonymous;
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.STAT, (process, path, to, c, d, e, f) -> stat(process, AT_FDCWD, path, to, 0));
        calls.register(
                SystemCallNumber.LSTAT,
                (process, path, to, c, d, e, f) -> stat(process, AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW));
        calls.register(SystemCallNumber.FSTAT, (process, fd, to, c, d, e, f) -> fstat(process, (int) fd, to));
        calls.register(
                SystemCallNumber.NEWFSTATAT,
                (process, dir, path, to, flags, e, f) -> stat(process, (int) dir, path, to, (int) flags));
        calls.register(SystemCallNumber.ACCESS, (process, path, mode, c, d, e, f) -> access(process, path, (int) mode));
        calls.register(
                SystemCallNumber.READLINK,
                (process, path, to, size, d, e, f) -> readLink(process, path, to, (int) size));
    }

    /** @param flags AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH; -EINVAL for others */
    private int stat(UserProcess process, int directoryFd, long address, long to, int flags) {
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT)) != 0) {
            return -EINVAL;
        }
        String path = process.readUserString(address, PATH_MAX);
        if (path != null && path.isEmpty() && (flags & AT_EMPTY_PATH) != 0) {
            return directoryFd == AT_FDCWD
                    ? StatBuffer.copy(
                            process,
                            to,
                            WorkingPlace.of(process, tree.root()).directory().inode())
                    : fstat(process, directoryFd, to);
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toEnd(directoryFd, path, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        }
        return error != 0 ? error : StatBuffer.copy(process, to, walk.inode());
    }

    private int fstat(UserProcess process, int fd, long to) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        Inode inode = file.node() instanceof Place place ? place.inode() : anonymous;
        return StatBuffer.copy(process, to, inode);
    }

    /** Whether the process may do that, as by its real user: 0, -EACCES, -EINVAL for an unknown mode, and what a walk gives. */
    private int access(UserProcess process, long address, int mode) {
        if ((mode & ~ACCESS_MODES) != 0) {
            return -EINVAL;
        }
        String path = process.readUserString(address, PATH_MAX);
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toEnd(AT_FDCWD, path, true);
        }
        return error != 0 || mode == 0 ? error : walk.inode().permission(process, mode);
    }

    /** Gives the target, cut to the size and without a terminating zero; -EINVAL for what is no link or no room. */
    private int readLink(UserProcess process, long address, long to, int sizeBytes) {
        if (sizeBytes <= 0) {
            return -EINVAL;
        }
        String path = process.readUserString(address, PATH_MAX);
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toEnd(AT_FDCWD, path, false);
        }
        if (error != 0) {
            return error;
        }
        if (!(walk.inode() instanceof SymbolicLink link)) {
            return -EINVAL;
        }
        byte[] target = link.target(process).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(target.length, sizeBytes);
        return process.copyToUser(new UserBuffer(to, length), 0, target, 0, length) == 0 ? length : -EFAULT;
    }
}
