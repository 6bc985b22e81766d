// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

/** A file system at a place of the tree (Linux: struct mount). */
final class Mount {
    private final FileSystem fileSystem;
    private final Dentry root;
    private final Place point;
    private final String options;

    /**
     * @param point the directory that it covers; null for the root of the tree
     * @param options as /proc/mounts says them
     */
    Mount(FileSystem fileSystem, Dentry root, Place point, String options) {
        this.fileSystem = fileSystem;
        this.root = root;
        this.point = point;
        this.options = options;
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

    String options() {
        return options;
    }

    @Override
    public String toString() {
        return fileSystem.type();
    }
}
