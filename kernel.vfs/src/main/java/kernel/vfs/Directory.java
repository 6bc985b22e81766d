// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.context.ProcessContext;
import kernel.core.fs.UserProcess;

/** A directory of any file system. */
abstract class Directory extends Inode {
    Directory(FileSystem fileSystem, long number, Birth birth) {
        super(fileSystem, number, birth);
    }

    /**
     * Finds a name, without a lock; on a disk, only among the names that are known.
     *
     * @param self the dentry of this directory, which becomes the parent of one made here
     * @return null when there is none (ENOENT)
     */
    abstract Dentry lookup(Dentry self, String name);

    /**
     * Finds a name; on a disk, may sleep.
     *
     * @return null when there is none
     * @throws kernel.api.fs.FileSystemException EIO, ESTALE
     */
    Dentry lookup(ProcessContext context, Dentry self, String name) {
        return lookup(self, name);
    }

    /** Whether names can be made and taken out; not where the kernel shows what it likes. */
    boolean isChangeable() {
        return false;
    }

    /** Whether the directory has been removed, and is held only by those who are in it. */
    abstract boolean isDead();

    /**
     * Adds the entries from that position on, as many as fit; {@code .} and {@code ..} come from the caller.
     *
     * @param position as given with the last entry that was read, at least {@link DirectoryListing#FIRST_POSITION}
     */
    abstract void list(DirectoryListing listing, long position);

    @Override
    final int open(Opening opening) {
        opening.attach(opening.describe(DirectoryOperations.INSTANCE));
        return 0;
    }

    /** Whether the process may change the names in here: 0, or -EACCES. */
    final int mayChange(UserProcess process) {
        return permission(process, MAY_WRITE | MAY_EXECUTE);
    }
}
