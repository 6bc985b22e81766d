// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.context.ProcessContext;
import kernel.core.fs.NameSpace;
import kernel.core.fs.UserProcess;
import kernel.uapi.OpenFlags;

/** Where a process is in the tree, and its umask (Linux: struct fs_struct). Used by its own process only, but that anybody may read the umask. */
final class WorkingPlace implements NameSpace.State {
    private static final int FIRST_UMASK = 022;

    private Place directory;
    private volatile int umask;

    private WorkingPlace(Place directory, int umask) {
        this.directory = directory;
        this.umask = umask;
    }

    /** That of the first process. */
    static WorkingPlace first(Place root) {
        return new WorkingPlace(root, FIRST_UMASK).held();
    }

    /** That of a process; a kernel thread without one is at the root. */
    static WorkingPlace of(UserProcess process, Place root) {
        return process.nameSpaceState() instanceof WorkingPlace place ? place : new WorkingPlace(root, FIRST_UMASK);
    }

    private WorkingPlace held() {
        if (!directory.hold(OpenFlags.O_RDONLY)) {
            throw new IllegalStateException("the directory of a process has gone: " + directory);
        }
        return this;
    }

    Place directory() {
        return directory;
    }

    /** Goes elsewhere; false when that is on its way out. May sleep. */
    boolean setDirectory(ProcessContext context, Place newDirectory) {
        if (!newDirectory.hold(OpenFlags.O_RDONLY)) {
            return false;
        }
        Place old = directory;
        directory = newDirectory;
        old.letGo(context, OpenFlags.O_RDONLY);
        return true;
    }

    @Override
    public int umask() {
        return umask;
    }

    void setUmask(int newUmask) {
        umask = newUmask;
    }

    @Override
    public NameSpace.State fork() {
        return new WorkingPlace(directory, umask).held();
    }

    @Override
    public void release(ProcessContext context) {
        directory.letGo(context, OpenFlags.O_RDONLY);
    }
}
