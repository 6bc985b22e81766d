// SPDX-License-Identifier: Apache-2.0
package kernel.api.file;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOTTY;
import static kernel.uapi.Errno.ESPIPE;

import kernel.api.context.ProcessContext;
import kernel.api.memory.Mapping;
import kernel.api.wait.PollTable;
import kernel.uapi.PollEvents;

/**
 * What can be done with an open file; the contract between kernel and driver (Linux: struct file_operations).
 *
 * <p>All methods are called in process context and may sleep; several processes may be in them at once. A result is a
 * count or 0, or a negative errno; a result outside {@code [-4095, requested]} is a reported contract violation, and an
 * exception is an oops.
 */
public interface FileOperations {
    /** The file has been opened. A negative errno refuses it, and no release follows. */
    default int open(ProcessContext context, OpenFile file) {
        return 0;
    }

    /** The last descriptor of the file has been closed; called exactly once for each successful open. */
    default void release(ProcessContext context, OpenFile file) {}

    /**
     * Reads into user memory.
     *
     * @param position where in the file; the kernel advances it by what is returned
     * @return bytes read, 0 at the end of the file, or a negative errno
     */
    default long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return -EINVAL;
    }

    /**
     * Writes from user memory.
     *
     * @param position where in the file; the kernel advances it by what is returned
     * @return bytes written, or a negative errno
     */
    default long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        return -EINVAL;
    }

    /**
     * Moves the position.
     *
     * @param current the position now
     * @param whence SEEK_SET, SEEK_CUR or SEEK_END, see {@link kernel.uapi.Seek}
     * @return the new position, or a negative errno; ESPIPE where there is none
     */
    default long seek(ProcessContext context, OpenFile file, long current, long offset, int whence) {
        return -ESPIPE;
    }

    /**
     * Makes durable what was written (Linux: fsync).
     *
     * @param dataOnly whether what is not needed to find the data again may stay behind (fdatasync)
     * @return 0 or a negative errno: EIO for what could not be written, EINVAL where this means nothing
     */
    default int sync(ProcessContext context, OpenFile file, boolean dataOnly) {
        return -EINVAL;
    }

    /** Device-specific control. ENOTTY for a command that is not known. */
    default long ioctl(ProcessContext context, OpenFile file, int command, long argument) {
        return -ENOTTY;
    }

    /**
     * A program maps the file into its memory: says by {@link Mapping#setPager} where the pages come from, or refuses. What is mapped keeps the file
     * open.
     *
     * @return 0 or a negative errno; ENODEV where there is nothing to map
     */
    default int mmap(ProcessContext context, OpenFile file, Mapping mapping) {
        return -ENODEV;
    }

    /**
     * Says what would not block now, and where to wait for more.
     *
     * @param table given to each wait queue that may change the answer, by {@code PollTable.wait}; must not sleep otherwise
     * @return a set of {@link PollEvents}
     */
    default int poll(ProcessContext context, OpenFile file, PollTable table) {
        return PollEvents.POLLIN | PollEvents.POLLOUT | PollEvents.POLLRDNORM | PollEvents.POLLWRNORM;
    }
}
