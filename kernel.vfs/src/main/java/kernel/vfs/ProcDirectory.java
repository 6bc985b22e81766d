// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.FileMode.S_IFDIR;
import static kernel.uapi.FileMode.S_IFLNK;
import static kernel.uapi.FileMode.S_IFREG;

import java.util.ArrayList;
import java.util.List;
import kernel.core.fs.UserProcess;

/** A directory of /proc with a name of its own; the root has the process directories and {@code self} as well (Linux: fs/proc/generic.c, root.c). */
final class ProcDirectory extends Directory {
    /** In a listing of the root the position of process n is this plus n, so that it goes on rightly whoever comes and goes. */
    private static final long FIRST_PROCESS_POSITION = 1 << 16;

    private static final String SELF = "self";

    private final ProcFileSystem proc;
    private final String path;

    /** @param path below /proc, empty for the root */
    ProcDirectory(ProcFileSystem proc, String path) {
        super(proc.fileSystem(), ProcFileSystem.number(path), proc.directoryBirth());
        this.proc = proc;
        this.path = path;
    }

    @Override
    Dentry lookup(Dentry self, String name) {
        Inode inode = proc.named(isRoot() ? name : path + "/" + name);
        if (inode == null && isRoot() && proc.showsProcesses()) {
            inode = name.equals(SELF) ? proc.self() : proc.process(name);
        }
        return inode == null ? null : Dentry.unkept(name, self, inode);
    }

    @Override
    void list(DirectoryListing listing, long position) {
        if (position < FIRST_PROCESS_POSITION && !listNames(listing, position)) {
            return;
        }
        if (isRoot() && proc.showsProcesses()) {
            for (int pid : proc.pids()) {
                long at = FIRST_PROCESS_POSITION + pid;
                boolean fits = at < position
                        || listing.add(Integer.toString(pid), ProcFileSystem.number(pid, 0), S_IFDIR, at + 1);
                if (!fits) {
                    return;
                }
            }
        }
    }

    private boolean listNames(DirectoryListing listing, long position) {
        List<String> names = names();
        for (long at = position; at - DirectoryListing.FIRST_POSITION < names.size(); at++) {
            String name = names.get((int) (at - DirectoryListing.FIRST_POSITION));
            boolean isSelf = isRoot() && proc.showsProcesses() && name.equals(SELF);
            String full = isRoot() ? name : path + "/" + name;
            int type = isSelf ? S_IFLNK : proc.table().contains(full) ? S_IFREG : S_IFDIR;
            long number = isSelf ? proc.self().number() : ProcFileSystem.number(full);
            if (!listing.add(name, number, type, at + 1)) {
                return false;
            }
        }
        return true;
    }

    /** The names in here, sorted; processes left out. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        String prefix = isRoot() ? "" : path + "/";
        for (String entry : proc.table().paths()) {
            if (entry.startsWith(prefix)) {
                int end = entry.indexOf('/', prefix.length());
                String name = entry.substring(prefix.length(), end < 0 ? entry.length() : end);
                if (names.isEmpty() || !names.getLast().equals(name)) {
                    names.add(name);
                }
            }
        }
        if (isRoot() && proc.showsProcesses()) {
            names.add(SELF);
        }
        return names;
    }

    private boolean isRoot() {
        return path.isEmpty();
    }

    @Override
    boolean isDead() {
        return false;
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
