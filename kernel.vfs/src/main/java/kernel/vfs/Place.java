// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.context.ProcessContext;
import kernel.core.fs.FileDescription;
import kernel.core.fs.HeldPlace;
import kernel.uapi.OpenFlags;

/** A position in the tree: a dentry, and the mount through which it was reached (Linux: struct path). */
record Place(Mount mount, Dentry dentry) implements HeldPlace {
    Inode inode() {
        return dentry.inode();
    }

    /**
     * Keeps mount and inode there for an open file or a working directory; false when one of them is on its way out (ESTALE).
     *
     * @param flags those of open(2)
     */
    boolean hold(int flags) {
        if (!mount.hold(OpenFlags.mayWrite(flags))) {
            return false;
        }
        DiskNode disk = inode().disk();
        if (disk != null && !disk.hold()) {
            // The file went, and not the mount: somebody else holds that.
            mount.giveUp(OpenFlags.mayWrite(flags));
            return false;
        }
        return true;
    }

    /** Gives up what {@link #hold} took. May sleep. */
    void letGo(ProcessContext context, int flags) {
        DiskNode disk = inode().disk();
        if (disk != null) {
            disk.put(context);
        }
        mount.put(context, OpenFlags.mayWrite(flags));
    }

    @Override
    public void closed(ProcessContext context, FileDescription file) {
        letGo(context, file.flags());
    }

    /** How the trace shows what is there. */
    @Override
    public String toString() {
        return dentry.inode().toString();
    }
}
