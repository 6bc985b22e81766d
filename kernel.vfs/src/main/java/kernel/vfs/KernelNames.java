// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.uapi.FileMode;

/** Names that come and go with devices and programs, in directories that come and go with them. Any thread. */
final class KernelNames {
    private final FileTree tree;

    KernelNames(FileTree tree) {
        this.tree = tree;
    }

    /** The directory of the last component of a path below a directory, made where missing; null where something else is. */
    Dentry directories(Dentry from, String path) {
        Dentry at = from;
        int start = 0;
        for (int slash = path.indexOf('/'); slash >= 0 && at != null; slash = path.indexOf('/', start)) {
            if (slash > start) {
                at = directory(at, path.substring(start, slash));
            }
            start = slash + 1;
        }
        return at;
    }

    private Dentry directory(Dentry parent, String name) {
        TreeDirectory directory = (TreeDirectory) parent.directory();
        Dentry found = directory.lookup(name);
        if (found == null) {
            Inode.Birth birth = new Inode.Birth(FileMode.S_IFDIR | 0755, 0, 0, tree.now());
            tree.makeForKernel(parent, name, new TreeDirectory(directory.fileSystem(), birth, true));
            found = directory.lookup(name);
        }
        return found != null && found.directory() instanceof TreeDirectory ? found : null;
    }

    /**
     * Takes a file out, if its path below a directory still leads to that inode, and the directories on the way that the kernel
     * made and that are empty now.
     */
    void remove(Dentry from, String path, Inode inode) {
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        if (slash == 0) {
            remove(from, path.substring(1), inode);
            return;
        }
        Dentry found = from.directory().lookup(from, name);
        if (slash < 0) {
            tree.removeForKernel(from, found, inode);
        } else if (found != null && found.directory() instanceof TreeDirectory directory) {
            remove(found, path.substring(slash + 1), inode);
            if (directory.isKernelMade()) {
                tree.removeForKernel(from, found, directory);
            }
        }
    }
}
