// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_FDCWD;
import static kernel.uapi.OpenFlags.AT_SYMLINK_NOFOLLOW;

import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/** chmod, chown, utimensat, truncate and their kin (Linux: fs/open.c, fs/utimes.c). */
final class AttributeCalls {
    private final FileTree tree;

    AttributeCalls(FileTree tree) {
        this.tree = tree;
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.CHMOD,
                (process, path, mode, c, d, e, f) -> chmod(process, AT_FDCWD, path, (int) mode));
        calls.register(
                SystemCallNumber.FCHMOD, (process, fd, mode, c, d, e, f) -> fchmod(process, (int) fd, (int) mode));
        calls.register(
                SystemCallNumber.FCHMODAT,
                (process, dir, path, mode, d, e, f) -> chmod(process, (int) dir, path, (int) mode));
        calls.register(
                SystemCallNumber.CHOWN,
                (process, path, user, group, d, e, f) -> chown(process, AT_FDCWD, path, (int) user, (int) group, true));
        calls.register(
                SystemCallNumber.LCHOWN,
                (process, path, user, group, d, e, f) ->
                        chown(process, AT_FDCWD, path, (int) user, (int) group, false));
        calls.register(
                SystemCallNumber.FCHOWNAT,
                (process, dir, path, user, group, flags, f) -> (flags & ~AT_SYMLINK_NOFOLLOW) != 0
                        ? -EINVAL
                        : chown(process, (int) dir, path, (int) user, (int) group, flags == 0));
        calls.register(
                SystemCallNumber.FCHOWN,
                (process, fd, user, group, d, e, f) -> fchown(process, (int) fd, (int) user, (int) group));
        calls.register(
                SystemCallNumber.UTIMENSAT,
                (process, dir, path, times, flags, e, f) -> changeTimes(process, (int) dir, path, times, (int) flags));
        calls.register(
                SystemCallNumber.TRUNCATE, (process, path, length, c, d, e, f) -> truncate(process, path, length));
        calls.register(
                SystemCallNumber.FTRUNCATE, (process, fd, length, c, d, e, f) -> ftruncate(process, (int) fd, length));
    }

    private int chmod(UserProcess process, int directoryFd, long address, int mode) {
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toEnd(process, walk, directoryFd, address, true);
        if (error == 0 && walk.place().mount().isReadOnly()) {
            error = -EROFS;
        }
        return error != 0 ? error : walk.inode().changeMode(process, mode, tree.now());
    }

    private int fchmod(UserProcess process, int fd, int mode) {
        FileDescription file = process.files().get(fd);
        if (file == null || (file.flags() & OpenFlags.O_PATH) != 0) {
            return -EBADF;
        }
        if (!(file.node() instanceof Place place)) {
            return -EINVAL;
        }
        return place.mount().isReadOnly() ? -EROFS : place.inode().changeMode(process, mode, tree.now());
    }

    private int chown(UserProcess process, int directoryFd, long address, int user, int group, boolean follow) {
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toEnd(process, walk, directoryFd, address, follow);
        if (error == 0 && walk.place().mount().isReadOnly()) {
            error = -EROFS;
        }
        return error != 0 ? error : walk.inode().changeOwner(process, user, group, tree.now());
    }

    private int fchown(UserProcess process, int fd, int user, int group) {
        FileDescription file = process.files().get(fd);
        if (file == null || (file.flags() & OpenFlags.O_PATH) != 0) {
            return -EBADF;
        }
        if (!(file.node() instanceof Place place)) {
            return -EINVAL;
        }
        return place.mount().isReadOnly() ? -EROFS : place.inode().changeOwner(process, user, group, tree.now());
    }

    /** @return 0; -EINVAL for unknown flags and fractions of a second; -EFAULT, -EBADF, -EROFS, -EACCES, -EPERM; what a walk gives */
    private int changeTimes(UserProcess process, int directoryFd, long address, long timesAddress, int flags) {
        if ((flags & ~AT_SYMLINK_NOFOLLOW) != 0) {
            return -EINVAL;
        }
        long now = tree.now();
        FileTimes times = FileTimes.read(process, timesAddress, now);
        if (times.error() != 0) {
            return times.error();
        }
        Place place;
        if (address == 0) {
            FileDescription file = process.files().get(directoryFd);
            if (file == null || !(file.node() instanceof Place found)) {
                return -EBADF;
            }
            place = found;
        } else {
            PathWalk walk = new PathWalk(tree.root(), process);
            int error = toEnd(process, walk, directoryFd, address, (flags & AT_SYMLINK_NOFOLLOW) == 0);
            if (error != 0) {
                return error;
            }
            place = walk.place();
        }
        return changeTimes(process, place, times, now);
    }

    /** Any times are the owner's to set; the present one whoever may write may set (Linux: utimes_common). */
    private static int changeTimes(UserProcess process, Place place, FileTimes times, long now) {
        if (place.mount().isReadOnly()) {
            return -EROFS;
        }
        Inode inode = place.inode();
        if (!inode.isOwnedBy(process)) {
            if (!times.isNow()) {
                return -EPERM;
            }
            if (inode.permission(process, Inode.MAY_WRITE) != 0) {
                return -EACCES;
            }
        }
        inode.changeTimes(times.accessedNanos(), times.modifiedNanos(), now);
        return 0;
    }

    /** @return 0, -EINVAL for a negative length or what is no regular file, -EISDIR, -EACCES, -EFBIG, and what a walk gives */
    private int truncate(UserProcess process, long address, long length) {
        if (length < 0) {
            return -EINVAL;
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toEnd(process, walk, AT_FDCWD, address, true);
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
        if (error == 0 && walk.place().mount().isReadOnly()) {
            error = -EROFS;
        }
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
        return switch (inode) {
            case RegularFile file -> file.truncate(process, length);
            case DiskFile file -> file.truncate(process, length);
            default -> 0;
        };
    }

    private static int toEnd(UserProcess process, PathWalk walk, int directoryFd, long address, boolean follow) {
        String path = process.readUserString(address, PATH_MAX);
        int error = PathName.check(path);
        return error != 0 ? error : walk.toEnd(directoryFd, path, follow);
    }
}
