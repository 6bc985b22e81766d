// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

/** A position in the tree: a dentry, and the mount through which it was reached (Linux: struct path). */
record Place(Mount mount, Dentry dentry) {
    Inode inode() {
        return dentry.inode();
    }

    /** How the trace shows what is there. */
    @Override
    public String toString() {
        return dentry.inode().toString();
    }
}
