// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EISDIR;
import static kernel.uapi.Errno.EMLINK;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOTDIR;
import static kernel.uapi.Errno.ENOTEMPTY;
import static kernel.uapi.Errno.EPERM;

import kernel.core.fs.UserProcess;

/** Who may change which name: the checks before each change of the {@link FileTree}, under its lock, in Linux's order. */
final class NameRules {
    private NameRules() {}

    /** Whether the process may enter a name: -ENOENT where nothing is ever made, or the directory has gone; -EACCES. */
    static int mayMake(UserProcess process, Directory directory) {
        if (!directory.isChangeable() || directory.isDead()) {
            return -ENOENT;
        }
        return directory.mayChange(process);
    }

    /** Whether the process may take out a name (Linux: may_delete). */
    static int mayDelete(UserProcess process, Directory directory, Dentry victim, boolean asDirectory) {
        int error = directory.mayChange(process);
        if (error != 0) {
            return error;
        }
        boolean sticky = (directory.mode() & Inode.S_ISVTX) != 0;
        if (sticky && !directory.isOwnedBy(process) && !victim.inode().isOwnedBy(process)) {
            return -EPERM;
        }
        boolean isDirectory = victim.directory() != null;
        if (isDirectory != asDirectory) {
            return asDirectory ? -ENOTDIR : -EISDIR;
        }
        return directory.isChangeable() ? 0 : -EPERM;
    }

    /** Whether the process may move the source to where the target is, or null (Linux: vfs_rename). */
    static int mayRename(UserProcess process, FileTree.Name from, Dentry source, FileTree.Name to, Dentry target) {
        boolean isDirectory = source.directory() != null;
        int error = mayDelete(process, from.directory().directory(), source, isDirectory);
        if (error != 0) {
            return error;
        }
        Directory directory = to.directory().directory();
        error = target == null ? mayMake(process, directory) : mayDelete(process, directory, target, isDirectory);
        if (error != 0) {
            return error;
        }
        boolean otherParent = from.directory() != to.directory();
        if (isDirectory && otherParent) {
            // Its ".." is going to change.
            error = source.inode().permission(process, Inode.MAY_WRITE);
            if (error != 0) {
                return error;
            }
        }
        if (source.mounted() != null || (target != null && target.mounted() != null)) {
            return -EBUSY;
        }
        if (isDirectory && otherParent && target == null && directory.links() >= FileTree.LINK_MAX) {
            return -EMLINK;
        }
        boolean full = target != null && target.directory() instanceof TreeDirectory old && !old.isEmpty();
        return full ? -ENOTEMPTY : 0;
    }
}
