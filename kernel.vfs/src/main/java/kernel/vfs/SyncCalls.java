// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.OpenFlags.AT_FDCWD;
import static kernel.uapi.OpenFlags.O_PATH;

import kernel.api.file.UserBuffer;
import kernel.api.fs.MountedFileSystem;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.MountFlags;
import kernel.uapi.SystemCallNumber;

/** sync, syncfs, statfs, fstatfs: what concerns whole file systems (Linux: fs/sync.c, fs/statfs.c). */
final class SyncCalls {
    /** struct statfs of x86-64. */
    private static final int STATFS_BYTES = 120;

    private static final int ST_VALID = 0x20;
    private static final int ST_RELATIME = 4096;

    private final FileTree tree;

    SyncCalls(FileTree tree) {
        this.tree = tree;
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.SYNC, (process, a, b, c, d, e, f) -> sync(process));
        calls.register(SystemCallNumber.SYNCFS, (process, fd, b, c, d, e, f) -> syncfs(process, (int) fd));
        calls.register(SystemCallNumber.STATFS, (process, path, to, c, d, e, f) -> statfs(process, path, to));
        calls.register(SystemCallNumber.FSTATFS, (process, fd, to, c, d, e, f) -> fstatfs(process, (int) fd, to));
    }

    /** What cannot be written is told to those who sync their own files; this call always succeeds. */
    private int sync(UserProcess process) {
        boolean any = false;
        for (FileSystem fileSystem : tree.mounts().fileSystems()) {
            if (fileSystem.isOnDisk()) {
                fileSystem.sync(process);
            }
            any |= fileSystem.isOnDisk();
        }
        if (any || tree.host().blockLayer() != null) {
            tree.host().pageCache().syncDevices(process);
        }
        return 0;
    }

    /** @return 0, -EBADF, or the error of writing */
    private int syncfs(UserProcess process, int fd) {
        FileDescription file = process.files().get(fd);
        if (file == null || (file.flags() & O_PATH) != 0) {
            return -EBADF;
        }
        return file.node() instanceof Place place ? place.mount().fileSystem().sync(process) : 0;
    }

    private int statfs(UserProcess process, long address, long to) {
        PathWalk walk = new PathWalk(tree.root(), process);
        String path = process.readUserString(address, PATH_MAX);
        int error = PathName.check(path);
        if (error == 0) {
            error = walk.toEnd(AT_FDCWD, path, true);
        }
        return error != 0 ? error : copy(process, walk.place().mount(), to);
    }

    private static int fstatfs(UserProcess process, int fd, long to) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        return file.node() instanceof Place place ? copy(process, place.mount(), to) : -EIO;
    }

    private static int copy(UserProcess process, Mount mount, long to) {
        MountedFileSystem.Statistics statistics = mount.fileSystem().statistics(process);
        byte[] buffer = new byte[STATFS_BYTES];
        long[] words = {
            statistics.type(),
            statistics.blockBytes(),
            statistics.blocks(),
            statistics.freeBlocks(),
            statistics.availableBlocks(),
            statistics.files(),
            statistics.freeFiles(),
            mount.fileSystem().device(),
            statistics.maxNameBytes(),
            statistics.blockBytes(),
            flags(mount)
        };
        for (int i = 0; i < words.length; i++) {
            LittleEndian.putLong(buffer, i * Long.BYTES, words[i]);
        }
        return process.copyToUser(new UserBuffer(to, buffer.length), 0, buffer, 0, buffer.length) == 0 ? 0 : -EFAULT;
    }

    private static int flags(Mount mount) {
        int same = MountFlags.MS_NOSUID
                | MountFlags.MS_NODEV
                | MountFlags.MS_NOEXEC
                | MountFlags.MS_SYNCHRONOUS
                | MountFlags.MS_NOATIME
                | MountFlags.MS_NODIRATIME;
        return ST_VALID
                | (mount.isReadOnly() ? MountFlags.MS_RDONLY : 0)
                | (mount.flags() & same)
                | (mount.has(MountFlags.MS_RELATIME) ? ST_RELATIME : 0);
    }
}
