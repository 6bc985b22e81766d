// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.core.fs.NameSpace;
import kernel.core.fs.UserProcess;

/** Where a process is in the tree, and its umask (Linux: struct fs_struct). Used by its own process only. */
final class WorkingPlace implements NameSpace.State {
    private static final int FIRST_UMASK = 022;

    private Place directory;
    private int umask;

    private WorkingPlace(Place directory, int umask) {
        this.directory = directory;
        this.umask = umask;
    }

    /** That of the first process. */
    static WorkingPlace first(Place root) {
        return new WorkingPlace(root, FIRST_UMASK);
    }

    /** That of a process; a kernel thread without one is at the root. */
    static WorkingPlace of(UserProcess process, Place root) {
        return process.nameSpaceState() instanceof WorkingPlace place ? place : first(root);
    }

    Place directory() {
        return directory;
    }

    void setDirectory(Place newDirectory) {
        directory = newDirectory;
    }

    int umask() {
        return umask;
    }

    void setUmask(int newUmask) {
        umask = newUmask;
    }

    @Override
    public NameSpace.State fork() {
        return new WorkingPlace(directory, umask);
    }

    @Override
    public void release() {}
}
