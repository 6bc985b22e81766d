// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.FileMode.S_IFREG;

import java.util.List;
import kernel.core.fs.ProcTable;
import kernel.core.fs.UserProcess;

/** The directory of a process in /proc; empty and dead once the process has gone (Linux: fs/proc/base.c). */
final class ProcessDirectory extends Directory {
    private final ProcFileSystem proc;
    private final int pid;

    ProcessDirectory(ProcFileSystem proc, int pid) {
        super(proc.fileSystem(), ProcFileSystem.number(pid, 0), proc.directoryBirth());
        this.proc = proc;
        this.pid = pid;
    }

    @Override
    Dentry lookup(Dentry self, String name) {
        int index = isDead() ? -1 : files().indexOf(name);
        return index < 0 ? null : Dentry.unkept(name, self, new ProcFile(proc, pid, name, fileNumber(index)));
    }

    @Override
    void list(DirectoryListing listing, long position) {
        List<String> files = files();
        for (long at = position; at - DirectoryListing.FIRST_POSITION < files.size(); at++) {
            int index = (int) (at - DirectoryListing.FIRST_POSITION);
            if (!listing.add(files.get(index), fileNumber(index), S_IFREG, at + 1)) {
                return;
            }
        }
    }

    private long fileNumber(int index) {
        return ProcFileSystem.number(pid, 1 + index);
    }

    private List<String> files() {
        ProcTable.Processes processes = proc.processes();
        return processes == null ? List.of() : processes.files();
    }

    @Override
    boolean isDead() {
        ProcTable.Processes processes = proc.processes();
        return processes == null || !processes.exists(pid);
    }

    @Override
    int links() {
        return 2;
    }

    @Override
    long sizeBytes() {
        return 0;
    }

    @Override
    int changeMode(UserProcess process, int permissions, long nanos) {
        return -EPERM;
    }
}
