// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.ERANGE;
import static kernel.uapi.FileMode.S_IFDIR;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_FDCWD;

import java.util.Arrays;
import kernel.api.file.UserBuffer;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/** getdents64, chdir, fchdir, getcwd, umask (Linux: fs/readdir.c, fs/open.c, fs/d_path.c). */
final class DirectoryCalls {
    /** The most that one call lists: what is listed in one piece is listed under a lock. */
    private static final int LISTING_BYTES_MAX = 32768;

    private static final int UMASK_BITS = 0777;

    private final FileTree tree;

    DirectoryCalls(FileTree tree) {
        this.tree = tree;
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.GETDENTS64,
                (process, fd, to, size, d, e, f) -> list(process, (int) fd, to, Integer.toUnsignedLong((int) size)));
        calls.register(SystemCallNumber.CHDIR, (process, path, b, c, d, e, f) -> changeDirectoryByPath(process, path));
        calls.register(SystemCallNumber.FCHDIR, (process, fd, b, c, d, e, f) -> changeDirectoryByFd(process, (int) fd));
        calls.register(SystemCallNumber.GETCWD, (process, to, size, c, d, e, f) -> currentDirectory(process, to, size));
        calls.register(SystemCallNumber.UMASK, (process, mask, b, c, d, e, f) -> umask(process, (int) mask));
    }

    /**
     * Lists on from the position of the open directory.
     *
     * @return bytes, 0 at the end, -EBADF, -ENOTDIR, -ENOENT for a directory that was removed, -EINVAL when not even one
     *     entry fits, -EFAULT
     */
    private long list(UserProcess process, int fd, long to, long sizeBytes) {
        FileDescription file = process.files().get(fd);
        if (file == null || (file.flags() & OpenFlags.O_PATH) != 0) {
            return -EBADF;
        }
        if (!(file.node() instanceof Place place) || !(place.inode() instanceof Directory directory)) {
            return -ENOTDIR;
        }
        if (directory.isDead()) {
            return -ENOENT;
        }
        DirectoryListing listing = new DirectoryListing((int) Math.min(sizeBytes, LISTING_BYTES_MAX));
        if (directory instanceof DiskDirectory disk) {
            int error = disk.list(process, listing, file.position());
            if (error != 0 && listing.usedBytes() == 0) {
                return error;
            }
        } else {
            fill(listing, place.dentry(), directory, file.position());
        }
        int used = listing.usedBytes();
        if (used == 0) {
            return listing.isFull() ? -EINVAL : 0;
        }
        if (process.copyToUser(new UserBuffer(to, used), 0, listing.bytes(), 0, used) != 0) {
            return -EFAULT;
        }
        file.setPosition(listing.nextPosition());
        return used;
    }

    private void fill(DirectoryListing listing, Dentry dentry, Directory directory, long position) {
        boolean fits = position > 0 || listing.add(".", directory.number(), S_IFDIR, 1);
        if (fits && position <= 1) {
            long above = dentry.parent().inode().number();
            fits = listing.add("..", above, S_IFDIR, DirectoryListing.FIRST_POSITION);
        }
        if (fits) {
            tree.list(directory, listing, Math.max(position, DirectoryListing.FIRST_POSITION));
        }
    }

    private int changeDirectoryByPath(UserProcess process, long address) {
        String path = process.readUserString(address, PATH_MAX);
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toEnd(AT_FDCWD, path, true);
        }
        return error != 0 ? error : changeDirectory(process, walk.place());
    }

    private int changeDirectoryByFd(UserProcess process, int fd) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        return file.node() instanceof Place place ? changeDirectory(process, place) : -ENOTDIR;
    }

    private int changeDirectory(UserProcess process, Place place) {
        if (place.dentry().directory() == null) {
            return -ENOTDIR;
        }
        int error = place.inode().permission(process, Inode.MAY_EXECUTE);
        if (error != 0) {
            return error;
        }
        return WorkingPlace.of(process, tree.root()).setDirectory(process, place) ? 0 : -ENOENT;
    }

    /** @return the length with its zero, -ENOENT when the directory was removed, -ERANGE when it does not fit, -EFAULT */
    private int currentDirectory(UserProcess process, long to, long sizeBytes) {
        String path = tree.mounts().path(WorkingPlace.of(process, tree.root()).directory());
        if (path == null) {
            return -ENOENT;
        }
        byte[] encoded = path.getBytes(UTF_8);
        byte[] terminated = Arrays.copyOf(encoded, encoded.length + 1);
        int length = terminated.length;
        if (Long.compareUnsigned(sizeBytes, length) < 0) {
            return -ERANGE;
        }
        return process.copyToUser(new UserBuffer(to, length), 0, terminated, 0, length) == 0 ? length : -EFAULT;
    }

    private int umask(UserProcess process, int mask) {
        WorkingPlace place = WorkingPlace.of(process, tree.root());
        int old = place.umask();
        place.setUmask(mask & UMASK_BITS);
        return old;
    }
}
