// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EMFILE;

import java.util.Arrays;
import java.util.BitSet;
import kernel.api.context.ProcessContext;
import kernel.uapi.Limits;

/**
 * The descriptors of one process (Linux: struct files_struct). Changed only by its own process, in process context; read by
 * anybody.
 */
public final class FileTable {
    private volatile FileDescription[] slots = new FileDescription[4];
    private final BitSet closeOnExec = new BitSet();
    private int lowestFree;

    /** The open file of a descriptor, or null (EBADF). */
    public FileDescription get(int fd) {
        FileDescription[] current = slots;
        return fd >= 0 && fd < current.length ? current[fd] : null;
    }

    /**
     * Gives the file the lowest free descriptor; the reference passes to the table.
     *
     * @return the descriptor, or -EMFILE, and then the reference stays with the caller
     */
    public int install(FileDescription file, boolean cloexec) {
        return lowestFree >= Limits.OPEN_MAX ? -EMFILE : installFrom(lowestFree, file, cloexec);
    }

    /** As {@link #install}, at or above {@code minimum} (F_DUPFD); -EINVAL when that is out of range. */
    public int installFrom(int minimum, FileDescription file, boolean cloexec) {
        if (minimum < 0 || minimum >= Limits.OPEN_MAX) {
            return -EINVAL;
        }
        int fd = Math.max(minimum, lowestFree);
        while (get(fd) != null) {
            fd++;
        }
        if (fd >= Limits.OPEN_MAX) {
            return -EMFILE;
        }
        set(fd, file, cloexec);
        if (minimum <= lowestFree) {
            lowestFree = fd + 1;
        }
        return fd;
    }

    /** Puts the file at exactly that descriptor, closing what was there (dup2); the reference passes to the table. */
    public int replace(ProcessContext context, int fd, FileDescription file, boolean cloexec) {
        if (fd < 0 || fd >= Limits.OPEN_MAX) {
            return -EBADF;
        }
        FileDescription old = get(fd);
        set(fd, file, cloexec);
        if (old != null) {
            old.put(context);
        }
        return fd;
    }

    /** Closes a descriptor. May sleep. */
    public int close(ProcessContext context, int fd) {
        FileDescription file = get(fd);
        if (file == null) {
            return -EBADF;
        }
        set(fd, null, false);
        lowestFree = Math.min(lowestFree, fd);
        file.put(context);
        return 0;
    }

    public boolean isCloseOnExec(int fd) {
        return closeOnExec.get(fd);
    }

    public void setCloseOnExec(int fd, boolean cloexec) {
        closeOnExec.set(fd, cloexec);
    }

    /** One more than the highest descriptor that may be open. */
    public int limit() {
        return slots.length;
    }

    /** A copy for a child: the same open files, each with one more reference. */
    public FileTable fork() {
        FileTable copy = new FileTable();
        copy.slots = slots.clone();
        for (FileDescription file : copy.slots) {
            if (file != null) {
                file.get();
            }
        }
        copy.closeOnExec.or(closeOnExec);
        copy.lowestFree = lowestFree;
        return copy;
    }

    public void closeForExec(ProcessContext context) {
        for (int fd = closeOnExec.nextSetBit(0); fd >= 0; fd = closeOnExec.nextSetBit(fd + 1)) {
            close(context, fd);
        }
    }

    public void closeAll(ProcessContext context) {
        for (int fd = 0; fd < slots.length; fd++) {
            close(context, fd);
        }
    }

    private void set(int fd, FileDescription file, boolean cloexec) {
        FileDescription[] current = slots;
        if (fd >= current.length) {
            current = Arrays.copyOf(current, Math.min(Limits.OPEN_MAX, Math.max(fd + 1, current.length * 2)));
        } else {
            current = current.clone();
        }
        current[fd] = file;
        slots = current;
        closeOnExec.set(fd, cloexec);
    }
}
