// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBUSY;

import kernel.api.context.ProcessContext;
import kernel.uapi.MountFlags;

/** A file system at a place of the tree (Linux: struct mount). Counts its open files and working directories. */
final class Mount {
    private final FileSystem fileSystem;
    private final Dentry root;
    private final Place point;
    private final String ownOptions;
    private volatile int flags;
    private int users;
    private int writers;
    private boolean closing;

    /**
     * @param point the directory that it covers; null for the root of the tree
     * @param flags of {@link MountFlags}
     * @param ownOptions those of the file system, as /proc/mounts says them; empty for none
     */
    Mount(FileSystem fileSystem, Dentry root, Place point, int flags, String ownOptions) {
        this.fileSystem = fileSystem;
        this.root = root;
        this.point = point;
        this.flags = flags;
        this.ownOptions = ownOptions;
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    Dentry root() {
        return root;
    }

    /** The directory that it covers; null for the root of the tree. */
    Place point() {
        return point;
    }

    /** Where it is from the root on. */
    Place place() {
        return point == null ? new Place(this, root) : point;
    }

    int flags() {
        return flags;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether nothing can be changed through it (EROFS). */
    boolean isReadOnly() {
        return has(MountFlags.MS_RDONLY) || fileSystem.isReadOnly();
    }

    /** As /proc/mounts says them. */
    String options() {
        return (isReadOnly() ? "ro" : "rw") + MountFlags.text(flags) + (ownOptions.isEmpty() ? "" : "," + ownOptions);
    }

    // ---- users

    /** One more user; false when it is being unmounted. */
    synchronized boolean hold(boolean writes) {
        if (closing && users == 0) {
            return false;
        }
        users++;
        writers += writes ? 1 : 0;
        return true;
    }

    /** One user less, of several. */
    synchronized void giveUp(boolean writes) {
        users--;
        writers -= writes ? 1 : 0;
    }

    /** One user less; the last one of a mount that was detached ends it. May sleep. */
    void put(ProcessContext context, boolean writes) {
        boolean last;
        synchronized (this) {
            users--;
            writers -= writes ? 1 : 0;
            last = closing && users == 0;
        }
        if (last) {
            fileSystem.shutDown(context);
        }
    }

    /**
     * Lets nobody in any more.
     *
     * @param lazily also when it has users, who may go on
     * @return 0, or -EBUSY when it has users
     */
    synchronized int close(boolean lazily) {
        if (users > 0 && !lazily) {
            return -EBUSY;
        }
        closing = true;
        return 0;
    }

    /** Whether it is closed and has no users, so that whoever closed it ends it. */
    synchronized boolean isUnused() {
        return closing && users == 0;
    }

    /** Changes the flags; -EBUSY when it is to become read-only and files are open for writing. */
    synchronized int setFlags(int newFlags) {
        if ((newFlags & MountFlags.MS_RDONLY) != 0 && writers > 0) {
            return -EBUSY;
        }
        flags = newFlags;
        return 0;
    }

    @Override
    public String toString() {
        return fileSystem.type();
    }
}
