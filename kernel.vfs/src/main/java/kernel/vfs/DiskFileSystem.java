// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EIO;

import java.util.List;
import java.util.TreeMap;
import kernel.api.block.BlockDevice;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileNode;
import kernel.api.fs.FileSystemException;
import kernel.api.fs.MountedFileSystem;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;
import kernel.core.block.BlockHandle;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.FileSystemTable;
import kernel.uapi.FileMode;

/** A file system on a disk: what its module knows, and the inodes of it that are in memory, each once (Linux: struct super_block, fs/inode.c). */
final class DiskFileSystem extends FileSystem {
    private final FileSystemHost host;
    private final String source;
    private final BlockHandle handle;
    private final FileSystemTable.Use use;
    private final MountedFileSystem mounted;
    private final KernelLog log;
    private final DiskReadOnly readOnly;
    private final Mutex inodesMutex;
    private final Mutex renameMutex;
    private final TreeMap<Long, DiskNode> nodes = new TreeMap<>();

    /**
     * @param source the path of the device, as mount(2) had it
     * @param handle the device, which is given up when the file system is shut down
     */
    DiskFileSystem(
            FileSystemHost host,
            String source,
            BlockHandle handle,
            FileSystemTable.Use use,
            MountedFileSystem mounted,
            DiskReadOnly readOnly,
            KernelLog log) {
        super(use.type().typeName(), handle.device().device(), mounted.blockBytes());
        this.host = host;
        this.source = source;
        this.handle = handle;
        this.use = use;
        this.mounted = mounted;
        this.readOnly = readOnly;
        this.log = log;
        inodesMutex = host.mutex("inode_hash");
        renameMutex = host.mutex("s_vfs_rename_mutex");
    }

    FileSystemHost host() {
        return host;
    }

    MountedFileSystem mounted() {
        return mounted;
    }

    KernelLog log() {
        return log;
    }

    /** The device below. */
    BlockDevice blockDevice() {
        return handle.device();
    }

    int maxNameBytes() {
        return mounted.maxNameBytes();
    }

    /** For who moves a name from one directory to another: directories stay where they are meanwhile. */
    Mutex renameMutex() {
        return renameMutex;
    }

    @Override
    String source() {
        return source;
    }

    @Override
    boolean isOnDisk() {
        return true;
    }

    @Override
    boolean isReadOnly() {
        return readOnly.isSet();
    }

    // ---- inodes

    /** The root directory. @throws FileSystemException EIO when it is none */
    Directory root(ProcessContext context) {
        if (inode(context, mounted.rootNumber()) instanceof Directory directory) {
            return directory;
        }
        throw new FileSystemException(EIO, "the root is no directory");
    }

    /** The inode of that number, read if it is not in memory. May sleep. @throws FileSystemException ESTALE, EIO */
    Inode inode(ProcessContext context, long number) {
        inodesMutex.lock(context);
        try {
            DiskNode known = nodes.get(number);
            if (known == null) {
                known = read(context, number);
                nodes.put(number, known);
            }
            return known.inode();
        } finally {
            inodesMutex.unlock(context);
        }
    }

    private DiskNode read(ProcessContext context, long number) {
        try {
            FileNode node = mounted.read(context, number);
            FileAttributes attributes = new FileAttributes();
            node.readAttributes(attributes);
            DiskNode disk = new DiskNode(this, number, node);
            Inode inode = newInode(number, attributes);
            inode.setLinks(attributes.links);
            inode.setTimes(attributes.accessedNanos, attributes.modifiedNanos, attributes.changedNanos);
            disk.setInode(inode);
            return disk;
        } catch (BlockException e) {
            throw new FileSystemException(e.errno(), "inode " + number);
        }
    }

    private Inode newInode(long number, FileAttributes attributes) {
        Inode.Birth birth =
                new Inode.Birth(attributes.mode, attributes.user, attributes.group, attributes.changedNanos);
        return switch (attributes.mode & FileMode.S_IFMT) {
            case FileMode.S_IFDIR -> new DiskDirectory(this, number, birth);
            case FileMode.S_IFREG -> new DiskFile(this, number, birth, attributes.sizeBytes);
            case FileMode.S_IFLNK -> new DiskLink(this, number, birth);
            case FileMode.S_IFIFO, FileMode.S_IFSOCK, FileMode.S_IFCHR, FileMode.S_IFBLK ->
                new NewFile(birth, attributes.deviceNumber, null).special(host, this, number);
            default -> throw new FileSystemException(EIO, "inode " + number + " is of no known type");
        };
    }

    /** Its number may become another file's. */
    void forget(ProcessContext context, DiskNode node) {
        inodesMutex.lock(context);
        nodes.remove(node.number(), node);
        inodesMutex.unlock(context);
    }

    private List<DiskNode> all(ProcessContext context) {
        inodesMutex.lock(context);
        List<DiskNode> all = List.copyOf(nodes.values());
        inodesMutex.unlock(context);
        return all;
    }

    // ---- the whole

    @Override
    int sync(ProcessContext context) {
        int first = 0;
        for (DiskNode node : all(context)) {
            if (node.isDirty()) {
                first = first != 0 ? first : node.sync(context, false);
            }
        }
        if (!readOnly.isSet()) {
            int error = DiskErrors.guard(() -> mounted.sync(context));
            first = first != 0 ? first : error;
        }
        int error = handle.buffered().sync(context);
        first = first != 0 ? first : error;
        error = readOnly.isSet() ? 0 : handle.device().flush(context);
        return first != 0 ? first : error;
    }

    /** Makes the names of a directory durable. May sleep. 0 or a negative errno. */
    int syncDirectory(ProcessContext context, DiskNode directory) {
        int error = directory.writeInode(context, true);
        int written = handle.buffered().sync(context);
        int flushed = handle.device().flush(context);
        if (error != 0) {
            return error;
        }
        return written != 0 ? written : flushed;
    }

    @Override
    int remount(ProcessContext context, boolean wantsReadOnly) {
        if (wantsReadOnly == readOnly.isSet()) {
            return 0;
        }
        if (wantsReadOnly) {
            int error = sync(context);
            if (error != 0) {
                return error;
            }
        }
        int error = DiskErrors.guard(() -> mounted.remount(context, wantsReadOnly));
        if (error == 0) {
            readOnly.set(wantsReadOnly);
        }
        return error;
    }

    /** Writes everything, gives up the inodes, the device and the module. What cannot be written any more is lost, and said. */
    @Override
    void shutDown(ProcessContext context) {
        giveUp(context);
        host.fileSystems().give(use);
    }

    private void giveUp(ProcessContext context) {
        int error = sync(context);
        for (DiskNode node : all(context)) {
            node.evict(context);
        }
        inodesMutex.lock(context);
        nodes.clear();
        inodesMutex.unlock(context);
        int ended = DiskErrors.guard(() -> {
            mounted.unmount(context);
            return 0;
        });
        int written = handle.buffered().sync(context);
        int flushed = readOnly.isSet() ? 0 : handle.device().flush(context);
        if (error != 0 || ended != 0 || written != 0 || flushed != 0) {
            log.error("unmounted with errors, data may be lost");
        }
        handle.close(context);
    }

    /** It could not be mounted in the end: as {@link #shutDown}, but the type stays with the caller. */
    void abandon(ProcessContext context) {
        giveUp(context);
    }

    @Override
    MountedFileSystem.Statistics statistics(ProcessContext context) {
        return mounted.statistics(context);
    }
}
