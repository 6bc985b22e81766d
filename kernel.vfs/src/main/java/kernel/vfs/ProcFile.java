// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.ESRCH;

import kernel.core.fs.ProcTable;
import kernel.core.fs.UserProcess;

/** A file of /proc: a text made at each open; of size 0, because nobody knows it before (Linux: proc_create_single). */
final class ProcFile extends Inode {
    private static final String SETTINGS = "sys/";

    private final ProcFileSystem proc;
    private final int pid;
    private final String name;

    /** An entry of the table, by its path below /proc. */
    ProcFile(ProcFileSystem proc, String path) {
        this(
                proc,
                0,
                path,
                ProcFileSystem.number(path),
                proc.table().isWritable(path) ? proc.writableBirth() : proc.fileBirth());
    }

    /** A file of a process. */
    ProcFile(ProcFileSystem proc, int pid, String name, long number) {
        this(proc, pid, name, number, proc.fileBirth());
    }

    private ProcFile(ProcFileSystem proc, int pid, String name, long number, Birth birth) {
        super(proc.fileSystem(), number, birth);
        this.proc = proc;
        this.pid = pid;
        this.name = name;
        addLink();
    }

    /** Makes the text; -ESRCH when what it is about has gone. */
    @Override
    int open(Opening opening) {
        String text = text();
        if (text == null) {
            return -ESRCH;
        }
        boolean writable = pid == 0 && proc.table().isWritable(name);
        opening.attach(opening.describe(
                new ProcText(text.getBytes(UTF_8), writable ? proc.table() : null, writable ? name : null)));
        return 0;
    }

    /** In /sys, everything is one. */
    private boolean isSetting() {
        return !proc.showsProcesses() || name.startsWith(SETTINGS);
    }

    private String text() {
        if (pid == 0) {
            return proc.table().text(name);
        }
        ProcTable.Processes processes = proc.processes();
        return processes == null ? null : processes.text(pid, name);
    }

    /** As any file, but not even root may write to a setting that is read-only (Linux: sysctl_perm). */
    @Override
    int permission(UserProcess process, int wanted) {
        if ((wanted & MAY_WRITE) != 0
                && pid == 0
                && isSetting()
                && !proc.table().isWritable(name)) {
            return -EACCES;
        }
        return super.permission(process, wanted);
    }

    @Override
    int changeMode(UserProcess process, int permissions, long nanos) {
        return -EPERM;
    }

    @Override
    long sizeBytes() {
        return 0;
    }
}
