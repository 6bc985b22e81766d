// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOTBLK;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EROFS;
import static kernel.uapi.Limits.PATH_MAX;
import static kernel.uapi.MountFlags.MNT_DETACH;
import static kernel.uapi.MountFlags.MNT_FORCE;
import static kernel.uapi.MountFlags.MS_BIND;
import static kernel.uapi.MountFlags.MS_MOVE;
import static kernel.uapi.MountFlags.MS_NOATIME;
import static kernel.uapi.MountFlags.MS_NODEV;
import static kernel.uapi.MountFlags.MS_RDONLY;
import static kernel.uapi.MountFlags.MS_RELATIME;
import static kernel.uapi.MountFlags.MS_REMOUNT;
import static kernel.uapi.MountFlags.MS_STRICTATIME;
import static kernel.uapi.MountFlags.UMOUNT_NOFOLLOW;
import static kernel.uapi.OpenFlags.AT_FDCWD;

import java.util.List;
import kernel.api.block.BlockException;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.MountedFileSystem;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;
import kernel.core.block.BlockHandle;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.FileSystemTable;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;
import kernel.uapi.MountFlags;
import kernel.uapi.SystemCallNumber;

/** mount and umount2 (Linux: fs/namespace.c). One at a time, under a mutex. */
final class MountCalls {
    private static final int TYPE_MAX = 64;
    private static final int UNMOUNT_FLAGS = MNT_FORCE | MNT_DETACH | UMOUNT_NOFOLLOW;

    private final FileTree tree;
    private final MemoryFileSystems inMemory;
    private final Mutex mutex;

    MountCalls(FileTree tree, MemoryFileSystems inMemory) {
        this.tree = tree;
        this.inMemory = inMemory;
        mutex = tree.host().mutex("namespace_sem");
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.MOUNT,
                (process, source, target, type, flags, data, f) ->
                        mount(process, source, target, type, (int) flags, data));
        calls.register(
                SystemCallNumber.UMOUNT2, (process, path, flags, c, d, e, f) -> unmount(process, path, (int) flags));
    }

    /**
     * @return 0; -EPERM for others than root; -EFAULT; -EINVAL for what is not known, or no such file system is on the device; -ENODEV for an unknown type;
     *     -ENOTBLK for a source that is no block device; -ENXIO for one that nobody has; -EBUSY for one in use; -EACCES for one that cannot be written;
     *     -ENOTDIR; what a walk gives; and what the file system says
     */
    private int mount(
            UserProcess process, long sourceAddress, long targetAddress, long typeAddress, int flags, long data) {
        String options = data == 0 ? "" : process.readUserString(data, PATH_MAX);
        String type = typeAddress == 0 ? "" : process.readUserString(typeAddress, TYPE_MAX);
        String source = sourceAddress == 0 ? "none" : process.readUserString(sourceAddress, PATH_MAX);
        if (options == null || type == null || source == null) {
            return -EFAULT;
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toPlace(process, walk, targetAddress, true);
        if (error != 0) {
            return error;
        }
        if (process.uid() != 0) {
            return -EPERM;
        }
        mutex.lock(process);
        try {
            if ((flags & MS_REMOUNT) != 0) {
                return remount(process, walk.place(), flags);
            }
            if ((flags & (MS_BIND | MS_MOVE)) != 0) {
                return -EINVAL;
            }
            if (!(walk.inode() instanceof Directory)) {
                return -ENOTDIR;
            }
            return mount(process, source, walk.place(), type, kept(flags), options);
        } finally {
            mutex.unlock(process);
        }
    }

    private static int toPlace(UserProcess process, PathWalk walk, long address, boolean follow) {
        String path = process.readUserString(address, PATH_MAX);
        int error = PathName.check(path);
        return error != 0 ? error : walk.toEnd(AT_FDCWD, path, follow);
    }

    /** As Linux: times of access relative to changes, unless something else is wanted. */
    private static int kept(int flags) {
        int wanted = (flags & (MS_NOATIME | MS_STRICTATIME)) == 0 ? flags | MS_RELATIME : flags & ~MS_RELATIME;
        return wanted & MountFlags.KEPT;
    }

    private int mount(UserProcess process, String source, Place point, String type, int flags, String options) {
        if (type.isEmpty()) {
            return -EINVAL;
        }
        MemoryFileSystems.Fresh fresh = inMemory.make(type, source, options);
        if (fresh != null) {
            return fresh.error() != 0
                    ? fresh.error()
                    : tree.mounts().mount(fresh.fileSystem(), fresh.root(), point, flags, fresh.options());
        }
        String user = "mount " + tree.mounts().path(point);
        FileSystemTable.Use use = tree.host().fileSystems().take(process, type, user);
        if (use == null) {
            return -ENODEV;
        }
        boolean mounted = false;
        try {
            int error = mountDisk(process, source, point, flags, options, use, user);
            mounted = error == 0;
            return error;
        } finally {
            if (!mounted) {
                tree.host().fileSystems().give(use);
            }
        }
    }

    private int mountDisk(
            UserProcess process,
            String source,
            Place point,
            int flags,
            String options,
            FileSystemTable.Use use,
            String user) {
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = PathName.check(source);
        if (error == 0) {
            error = walk.toEnd(AT_FDCWD, source, true);
        }
        if (error != 0) {
            return error;
        }
        if (!FileMode.isBlockDevice(walk.inode().mode())) {
            return -ENOTBLK;
        }
        if (walk.place().mount().has(MS_NODEV)) {
            return -EACCES;
        }
        boolean readOnly = (flags & MS_RDONLY) != 0;
        BlockHandle handle;
        try {
            handle = tree.host()
                    .blockLayer()
                    .openExclusively(process, walk.inode().deviceNumber(), !readOnly, user);
        } catch (BlockException e) {
            return e.errno() == EROFS ? -EACCES : -e.errno();
        }
        DiskFileSystem fileSystem = null;
        try {
            fileSystem = open(process, source, handle, use, readOnly, options);
            Directory root = fileSystem.root(process);
            error = tree.mounts().mount(fileSystem, root, point, flags, options);
        } catch (FileSystemException e) {
            error = -e.errno();
        } catch (BlockException e) {
            error = -e.errno();
        } finally {
            if (fileSystem == null) {
                handle.close(process);
            } else if (error != 0) {
                fileSystem.abandon(process);
            }
        }
        return error;
    }

    private DiskFileSystem open(
            UserProcess process,
            String source,
            BlockHandle handle,
            FileSystemTable.Use use,
            boolean readOnly,
            String options) {
        FileSystemHost host = tree.host();
        String name = use.type().typeName().toUpperCase(java.util.Locale.ROOT);
        KernelLog log = host.log(name + "-fs (" + handle.device().name() + ")");
        DiskReadOnly state = new DiskReadOnly(readOnly);
        try {
            MountedFileSystem mounted =
                    use.type().mount(process, new DiskMountRequest(host, handle.device(), state, options, log));
            return new DiskFileSystem(host, source, handle, use, mounted, state, log);
        } catch (FileSystemException e) {
            log.error(e.getMessage());
            throw e;
        }
    }

    private int remount(UserProcess process, Place place, int flags) {
        Mount mount = place.mount();
        if (place.dentry() != mount.root()) {
            return -EINVAL;
        }
        int old = mount.flags();
        int wanted = kept(flags);
        boolean readOnly = (wanted & MS_RDONLY) != 0;
        // Nobody opens a file for writing from here on, if it is to become read-only.
        int error = mount.setFlags(readOnly ? wanted : wanted | (old & MS_RDONLY));
        if (error == 0) {
            error = mount.fileSystem().remount(process, readOnly);
            mount.setFlags(error == 0 ? wanted : old);
        }
        return error;
    }

    /** @return 0; -EPERM; -EINVAL for what is no mount point, and unknown flags; -EBUSY when it is used; what a walk gives */
    private int unmount(UserProcess process, long address, int flags) {
        if ((flags & ~UNMOUNT_FLAGS) != 0) {
            return -EINVAL;
        }
        if (process.uid() != 0) {
            return -EPERM;
        }
        PathWalk walk = new PathWalk(tree.root(), process);
        int error = toPlace(process, walk, address, (flags & UMOUNT_NOFOLLOW) == 0);
        if (error != 0) {
            return error;
        }
        mutex.lock(process);
        try {
            error = tree.mounts().mayUnmount(walk.place());
            if (error != 0) {
                return error;
            }
            List<Mount> gone = tree.mounts().unmount(walk.place().mount(), (flags & MNT_DETACH) != 0);
            for (Mount mount : gone) {
                if (mount.isUnused()) {
                    mount.fileSystem().shutDown(process);
                }
            }
            return gone.isEmpty() ? -EBUSY : 0;
        } finally {
            mutex.unlock(process);
        }
    }
}
