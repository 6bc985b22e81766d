// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import kernel.api.context.ProcessContext;
import kernel.uapi.Executable;
import kernel.uapi.FileMode;

/** What the kernel needs of a tree of names, besides the system calls that it registers; implemented by kernel.vfs. */
public interface NameSpace {
    /** A process's place in the name space: current directory, umask (Linux: struct fs_struct). */
    interface State {
        /** The permission bits that new files do not get; readable by anybody. */
        int umask();

        /** A copy for a forked child. */
        State fork();

        /** The process has gone. May sleep. */
        void release(ProcessContext context);
    }

    /**
     * Which file it is.
     *
     * @param device the number of the device that its file system is on
     * @param inode the number of its inode
     */
    record Identity(long device, long inode) {
        /** For what is in no file system. */
        public static final Identity UNKNOWN = new Identity(0, 0);

        /** {@code major:minor inode}, the device in hexadecimal, as in /proc/PID/maps. */
        public String text() {
            return "%02x:%02x %d".formatted(FileMode.major(device), FileMode.minor(device), inode);
        }
    }

    /** The place of the first process: the root. */
    State initialState();

    /** The answer to {@link #executable}: a program, or a positive errno and no program. */
    record ExecutableLookup(int errno, Executable program) {}

    /** Finds the program at a path: ENOENT, EACCES where it may not be executed, ENOEXEC where it is no program. */
    ExecutableLookup executable(UserProcess process, String path);

    /** Which file an open file is. */
    default Identity identity(FileDescription file) {
        return Identity.UNKNOWN;
    }

    /**
     * Opens a path and installs it at the lowest free descriptor.
     *
     * @return the descriptor or a negative errno
     */
    int open(UserProcess process, String path, int flags, int mode);
}
