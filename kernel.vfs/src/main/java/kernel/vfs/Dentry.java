// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

/**
 * A name in a directory and the inode that it stands for (Linux: struct dentry). Read by path walks without a lock;
 * changed under the lock of the {@link FileTree}.
 */
final class Dentry {
    private final Inode inode;
    private volatile String name;
    private volatile Dentry parent;
    private volatile Mount mounted;
    private volatile boolean linked;

    // Place in the order of the parent directory, see TreeDirectory.
    Dentry newer;
    Dentry older;
    long position;

    /** A name that is not in a directory yet. */
    Dentry(String name, Dentry parent, Inode inode) {
        this.name = name;
        this.parent = parent;
        this.inode = inode;
    }

    /** The root of a file system, which has no name of its own and is its own parent. */
    static Dentry root(Directory directory) {
        Dentry root = new Dentry("/", null, directory);
        root.linked = true;
        return root;
    }

    /** A name that no table keeps: it is made for each lookup and is there for as long as somebody holds it. */
    static Dentry unkept(String name, Dentry parent, Inode inode) {
        Dentry dentry = new Dentry(name, parent, inode);
        dentry.linked = true;
        return dentry;
    }

    String name() {
        return name;
    }

    /** The directory that the name is, or was, in; a root's is itself. */
    Dentry parent() {
        Dentry above = parent;
        return above == null ? this : above;
    }

    Inode inode() {
        return inode;
    }

    /** The inode where it is one of a directory, else null. */
    Directory directory() {
        return inode instanceof Directory directory ? directory : null;
    }

    /** Whether the name still is in its directory. */
    boolean isLinked() {
        return linked;
    }

    void setLinked(boolean isLinked) {
        linked = isLinked;
    }

    /** What is mounted here, or null. */
    Mount mounted() {
        return mounted;
    }

    void setMounted(Mount mount) {
        mounted = mount;
    }

    /** Takes another name in another directory (Linux: d_move). */
    void move(Dentry newParent, String newName) {
        parent = newParent;
        name = newName;
    }

    /** Whether that directory is this one or one above it. */
    boolean isBelowOrAt(Dentry above) {
        Dentry at = this;
        while (at != above) {
            Dentry up = at.parent;
            if (up == null) {
                return false;
            }
            at = up;
        }
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
