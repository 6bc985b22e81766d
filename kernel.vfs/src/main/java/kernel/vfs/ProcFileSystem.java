// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.FileMode.S_IFDIR;
import static kernel.uapi.FileMode.S_IFREG;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kernel.core.fs.ProcTable;
import kernel.core.fs.TextTable;

/**
 * The file system of /proc, and of /sys: names and texts come from a {@link TextTable} at each lookup, and nothing is kept (Linux:
 * fs/proc, fs/sysfs).
 */
final class ProcFileSystem {
    static final int FILE_MODE = S_IFREG | 0444;

    /** Before them are the numbers of the process directories. */
    private static final long FIRST_NAMED_NUMBER = 1L << 48;

    private static final int NUMBERS_PER_PROCESS_SHIFT = 8;
    private static final int PID_DIGITS_MAX = 9;

    private final TextTable table;
    private final ProcTable processTable;
    private final FileSystem fileSystem;
    private final Inode.Birth directoryBirth;
    private final Inode.Birth fileBirth;
    private final Inode.Birth writableBirth;
    private final SymbolicLink self;

    /** @param processTable who knows the processes; null where they are not shown, as below /sys */
    ProcFileSystem(TextTable table, ProcTable processTable, FileSystem fileSystem, long nanos) {
        this.table = table;
        this.processTable = processTable;
        this.fileSystem = fileSystem;
        this.directoryBirth = new Inode.Birth(S_IFDIR | 0555, 0, 0, nanos);
        this.fileBirth = new Inode.Birth(FILE_MODE, 0, 0, nanos);
        this.writableBirth = new Inode.Birth(FILE_MODE | 0200, 0, 0, nanos);
        this.self = new ProcSelf(fileSystem, new Inode.Birth(SymbolicLink.allMode(), 0, 0, nanos));
    }

    TextTable table() {
        return table;
    }

    /** The processes; null when they are not shown. */
    ProcTable.Processes processes() {
        return processTable == null ? null : processTable.processes();
    }

    boolean showsProcesses() {
        return processTable != null;
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    Inode.Birth directoryBirth() {
        return directoryBirth;
    }

    Inode.Birth fileBirth() {
        return fileBirth;
    }

    /** Of a text that root may write. */
    Inode.Birth writableBirth() {
        return writableBirth;
    }

    ProcDirectory root() {
        return new ProcDirectory(this, "");
    }

    SymbolicLink self() {
        return self;
    }

    /** What has that path below /proc, leaving processes out; null when there is nothing. */
    Inode named(String path) {
        if (table.contains(path)) {
            return new ProcFile(this, path);
        }
        return table.isDirectory(path) ? new ProcDirectory(this, path) : null;
    }

    /** The directory of a process, or null. */
    ProcessDirectory process(String name) {
        int pid = pid(name);
        ProcTable.Processes processes = processes();
        return pid > 0 && processes != null && processes.exists(pid) ? new ProcessDirectory(this, pid) : null;
    }

    /** The processes, sorted. */
    List<Integer> pids() {
        ProcTable.Processes processes = processes();
        if (processes == null) {
            return List.of();
        }
        List<Integer> pids = new ArrayList<>(processes.pids());
        Collections.sort(pids);
        return pids;
    }

    static long number(String path) {
        return path.isEmpty() ? 1 : FIRST_NAMED_NUMBER + Integer.toUnsignedLong(path.hashCode());
    }

    /** @param file 0 for the directory of the process, else which file in it */
    static long number(int pid, int file) {
        return ((long) pid << NUMBERS_PER_PROCESS_SHIFT) + file;
    }

    private static int pid(String name) {
        if (name.length() > PID_DIGITS_MAX || name.charAt(0) == '0') {
            return 0;
        }
        int pid = 0;
        for (int i = 0; i < name.length(); i++) {
            char digit = name.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            pid = pid * 10 + digit - '0';
        }
        return pid;
    }
}
