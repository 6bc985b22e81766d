// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.EROFS;

import java.util.function.LongSupplier;
import kernel.api.block.BlockException;
import kernel.api.context.ProcessContext;
import kernel.api.fs.DirectorySink;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileNode;
import kernel.api.fs.FileSystemException;
import kernel.uapi.FileMode;

/** A file of an ext2 as the kernel sees it (Linux: fs/ext2/inode.c, file.c, namei.c). A change of the inode is in the device's buffers when a call returns. */
final class Ext2Inode implements FileNode {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Ext2Volume volume;
    private final InodeData data;
    private final BlockMap map;
    private final Directory directory;
    private final Names names;

    Ext2Inode(Ext2Volume volume, InodeData data) {
        this.volume = volume;
        this.data = data;
        map = new BlockMap(volume, data);
        directory = new Directory(volume, data, map);
        names = new Names(volume, data, directory);
    }

    @Override
    public void readAttributes(FileAttributes to) {
        to.number = data.number;
        to.mode = data.mode;
        to.user = data.user;
        to.group = data.group;
        to.links = data.links;
        to.sizeBytes = data.size;
        to.sectors = data.sectors;
        to.accessedNanos = data.accessed * NANOS_PER_SECOND;
        to.modifiedNanos = data.modified * NANOS_PER_SECOND;
        to.changedNanos = data.changed * NANOS_PER_SECOND;
        to.deviceNumber = data.isDevice() ? data.deviceNumber() : 0;
        to.generation = data.generation;
    }

    @Override
    public int writeAttributes(ProcessContext context, FileAttributes from) {
        return change(() -> {
            data.mode = (data.mode & FileMode.S_IFMT) | (from.mode & FileMode.PERMISSIONS);
            data.user = from.user;
            data.group = from.group;
            data.accessed = seconds(from.accessedNanos);
            data.modified = seconds(from.modifiedNanos);
            data.changed = seconds(from.changedNanos);
            volume.inodes().store(context, data);
            return 0;
        });
    }

    private static int seconds(long nanos) {
        return Math.clamp(Math.floorDiv(nanos, NANOS_PER_SECOND), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    // ---- directories

    @Override
    public long lookup(ProcessContext context, byte[] name) {
        return answer(() -> {
            long number = directory.find(context, name);
            return number == 0 ? -ENOENT : number;
        });
    }

    @Override
    public long create(ProcessContext context, byte[] name, FileAttributes attributes) {
        return changeNames(() -> new NewFile(volume, data, directory).create(context, name, attributes));
    }

    @Override
    public long symlink(ProcessContext context, byte[] name, byte[] target, FileAttributes attributes) {
        return changeNames(() -> new NewFile(volume, data, directory).link(context, name, target, attributes));
    }

    @Override
    public int link(ProcessContext context, byte[] name, FileNode file) {
        return (int) changeNames(() -> names.link(context, name, dataOf(file)));
    }

    @Override
    public int unlink(ProcessContext context, byte[] name, FileNode file) {
        return (int) changeNames(() -> names.unlink(context, name, dataOf(file)));
    }

    @Override
    public int rmdir(ProcessContext context, byte[] name, FileNode removed) {
        return (int) changeNames(() -> names.rmdir(context, name, (Ext2Inode) removed));
    }

    @Override
    public int rename(
            ProcessContext context,
            byte[] name,
            FileNode file,
            FileNode newDirectory,
            byte[] newName,
            FileNode replaced) {
        return (int) changeNames(() ->
                names.rename(context, name, (Ext2Inode) file, (Ext2Inode) newDirectory, newName, (Ext2Inode) replaced));
    }

    @Override
    public int list(ProcessContext context, long position, DirectorySink sink) {
        return (int) answer(() -> {
            directory.list(context, position, sink);
            return 0;
        });
    }

    // ---- symbolic links

    @Override
    public byte[] readLink(ProcessContext context) {
        try {
            return LinkTarget.read(context, volume, data, map);
        } catch (BlockException e) {
            throw new FileSystemException(e.errno(), "inode " + data.number);
        }
    }

    // ---- regular files

    @Override
    public long mapBlock(ProcessContext context, long index, boolean create) {
        try {
            if (!create) {
                return map.find(context, index);
            }
            return volume.state().isReadOnly() ? -EROFS : map.create(context, index, null);
        } catch (FileSystemException e) {
            return -e.errno();
        } catch (BlockException e) {
            return -e.errno();
        }
    }

    @Override
    public boolean wasNew() {
        return map.wasNew();
    }

    @Override
    public int resize(ProcessContext context, long sizeBytes) {
        if (data.has(InodeField.FLAG_IMMUTABLE) || (data.has(InodeField.FLAG_APPEND) && sizeBytes < data.size)) {
            return -EPERM;
        }
        return change(() -> {
            boolean shrinks = sizeBytes <= data.size;
            int blockBytes = volume.geometry().blockBytes();
            data.size = sizeBytes;
            if (shrinks) {
                new Truncation(volume, data).cutAt(context, (sizeBytes + blockBytes - 1) / blockBytes);
            } else {
                volume.inodes().store(context, data);
            }
            return 0;
        });
    }

    // ---- all

    /** Inodes are in the buffers already. To be waited for is all that was changed: the names on the way to the file as well, as after a journal's commit. */
    @Override
    public int writeInode(ProcessContext context, boolean wait) {
        return (int) answer(
                () -> wait && !volume.state().isReadOnly() ? volume.order().write(context) : 0);
    }

    @Override
    public void evict(ProcessContext context) {
        if (data.links > 0 || data.deleted != 0) {
            return;
        }
        int error = change(() -> {
            boolean isDirectory = data.isDirectory();
            boolean hasBlocks = data.hasBlocks(volume.geometry().sectorsPerBlock());
            data.deleted = volume.state().now();
            data.size = 0;
            if (hasBlocks) {
                new Truncation(volume, data).cutAt(context, 0);
            } else {
                volume.inodes().store(context, data);
            }
            ExtendedAttributes.drop(context, volume, data);
            volume.inodeAllocator().free(context, data.number, isDirectory);
            return 0;
        });
        if (error < 0 && error != -EROFS) {
            volume.state().warn("inode " + data.number + " could not be freed, running e2fsck is recommended");
        }
    }

    // ----

    InodeData data() {
        return data;
    }

    Directory directory() {
        return directory;
    }

    private static InodeData dataOf(FileNode file) {
        return ((Ext2Inode) file).data;
    }

    private long changeNames(LongSupplier operation) {
        return data.has(InodeField.FLAG_IMMUTABLE) ? -EPERM : answerUnlessReadOnly(operation);
    }

    private int change(LongSupplier operation) {
        return (int) answerUnlessReadOnly(operation);
    }

    private long answerUnlessReadOnly(LongSupplier operation) {
        return volume.state().isReadOnly() ? -EROFS : answer(operation);
    }

    /** The border between exceptions inside and errnos outside. */
    private static long answer(LongSupplier operation) {
        try {
            return operation.getAsLong();
        } catch (FileSystemException e) {
            return -e.errno();
        } catch (BlockException e) {
            return -e.errno();
        }
    }
}
