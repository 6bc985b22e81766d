// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import kernel.api.context.ProcessContext;
import kernel.api.fs.FileAttributes;
import kernel.api.fs.FileNode;
import kernel.api.lock.Mutex;
import kernel.core.cache.Dirty;

/**
 * What an inode has beside its attributes when its file system is on a disk: the file system's own object, a lock, and a count of those who keep it
 * (Linux: struct inode). Lock order: its mutex, a directory's before those of what is in it; then that of the file system's object.
 */
final class DiskNode extends Dirty {
    private final DiskFileSystem fileSystem;
    private final long number;
    private final FileNode node;
    private final Mutex mutex;
    private final Mutex nodeMutex;
    private final FileAttributes attributes = new FileAttributes();
    private Inode inode;
    private int users;
    private boolean evicted;
    private volatile boolean attributesDirty;

    DiskNode(DiskFileSystem fileSystem, long number, FileNode node) {
        this.fileSystem = fileSystem;
        this.number = number;
        this.node = node;
        mutex = fileSystem.host().mutex("i_rwsem");
        nodeMutex = fileSystem.host().mutex("i_node");
    }

    /** Once, when the inode has been made. */
    void setInode(Inode newInode) {
        inode = newInode;
        newInode.setDisk(this);
    }

    Inode inode() {
        return inode;
    }

    DiskFileSystem fileSystem() {
        return fileSystem;
    }

    long number() {
        return number;
    }

    FileNode node() {
        return node;
    }

    /** For changes of names in a directory, and of a file's bytes and size (Linux: i_rwsem). */
    Mutex mutex() {
        return mutex;
    }

    /** Calls the file system's object, one at a time: writing back does it beside those who hold {@link #mutex}. */
    int withNode(ProcessContext context, IntSupplier call) {
        nodeMutex.lock(context);
        try {
            return DiskErrors.guard(call);
        } finally {
            nodeMutex.unlock(context);
        }
    }

    /** As {@link #withNode}, for what answers a number of 64 bits. */
    long withNodeLong(ProcessContext context, LongSupplier call) {
        nodeMutex.lock(context);
        try {
            return DiskErrors.guardLong(call);
        } finally {
            nodeMutex.unlock(context);
        }
    }

    // ---- who keeps it

    /** For an open file; false when it has been evicted. */
    synchronized boolean hold() {
        if (evicted) {
            return false;
        }
        users++;
        return true;
    }

    /** May sleep: the last one of a file without a name frees its blocks. */
    void put(ProcessContext context) {
        synchronized (this) {
            users--;
        }
        evictIfUnused(context);
    }

    /** After a name was taken away, or a file closed. May sleep. */
    void evictIfUnused(ProcessContext context) {
        synchronized (this) {
            if (evicted || users > 0 || inode.links() > 0) {
                return;
            }
            evicted = true;
        }
        fileSystem.forget(context, this);
        drop(context);
    }

    synchronized boolean isEvicted() {
        return evicted;
    }

    /** The file system is unmounted: nobody can have it any more. May sleep. */
    void evict(ProcessContext context) {
        synchronized (this) {
            if (evicted) {
                return;
            }
            evicted = true;
        }
        drop(context);
    }

    private void drop(ProcessContext context) {
        fileSystem.host().pageCache().writeback().remove(context, this);
        if (inode instanceof DiskFile file) {
            file.mapping().discard(context);
        }
        int error = withNode(context, () -> {
            node.evict(context);
            return 0;
        });
        if (error != 0) {
            fileSystem.log().error("inode " + number + " could not be given up, error " + error);
        }
    }

    // ---- attributes

    void attributesChanged() {
        attributesDirty = true;
        fileSystem.host().pageCache().writeback().add(this);
    }

    /** Takes over how many names the file has, after the file system has changed that. */
    void refreshLinks() {
        synchronized (attributes) {
            node.readAttributes(attributes);
            inode.setLinks(attributes.links);
        }
    }

    /** Size of a directory or link. */
    long sizeBytes() {
        synchronized (attributes) {
            node.readAttributes(attributes);
            return attributes.sizeBytes;
        }
    }

    /** What it takes, in units of 512 bytes. */
    long sectors() {
        synchronized (attributes) {
            node.readAttributes(attributes);
            return attributes.sectors;
        }
    }

    @Override
    protected boolean isDirty() {
        return !isEvicted()
                && (attributesDirty
                        || (inode instanceof DiskFile file && file.mapping().isDirty()));
    }

    @Override
    protected void writeBack(ProcessContext context) {
        if (inode instanceof DiskFile file) {
            file.mapping().writeBack(context);
        }
        if (!isEvicted()) {
            writeInode(context, false);
        }
    }

    /** Brings attributes and what maps the data to the file system's buffers, and with {@code wait} to the device. 0 or a negative errno. */
    int writeInode(ProcessContext context, boolean wait) {
        return withNode(context, () -> {
            int error = 0;
            if (attributesDirty) {
                attributesDirty = false;
                error = node.writeAttributes(context, current());
            }
            int written = node.writeInode(context, wait);
            return error != 0 ? error : written;
        });
    }

    private FileAttributes current() {
        FileAttributes now = new FileAttributes();
        node.readAttributes(now);
        now.mode = inode.mode();
        now.user = inode.user();
        now.group = inode.group();
        now.accessedNanos = inode.accessedNanos();
        now.modifiedNanos = inode.modifiedNanos();
        now.changedNanos = inode.changedNanos();
        return now;
    }

    /** Makes the file durable, data first (Linux: __generic_file_fsync), without a flush of the device. 0 or a negative errno. */
    int sync(ProcessContext context, boolean dataOnly) {
        int error = inode instanceof DiskFile file ? file.mapping().writeAndWait(context) : 0;
        int written = writeInode(context, true);
        return error != 0 ? error : written;
    }
}
