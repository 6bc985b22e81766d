// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.core.process.ArgumentKind.*;
import static kernel.uapi.SystemCallNumber.*;

import java.util.List;

/** The arguments of one system call. */
final class Signature {
    static final List<Signature> ALL = List.of(
            of(READ, INT, BUFFER_OUT, LONG),
            of(WRITE, INT, BUFFER_IN, LONG),
            of(OPEN, PATH, OPEN_FLAGS, MODE),
            of(CLOSE, INT),
            of(STAT, PATH, POINTER),
            of(FSTAT, INT, POINTER),
            of(LSTAT, PATH, POINTER),
            of(ArgumentNumbers.POLL, ArgumentKind.POLL, INT, INT),
            of(LSEEK, INT, LONG, WHENCE),
            of(MMAP, POINTER, LONG, PROTECTION, MAP_FLAGS, INT, HEX),
            of(MPROTECT, POINTER, LONG, PROTECTION),
            of(MUNMAP, POINTER, LONG),
            of(BRK, POINTER),
            of(RT_SIGACTION, SIGNAL, HANDLER, POINTER, INT),
            of(RT_SIGPROCMASK, INT, POINTER, POINTER, INT),
            of(ArgumentNumbers.IOCTL, INT, ArgumentKind.IOCTL, POINTER),
            of(PREAD64, INT, BUFFER_OUT, LONG, LONG),
            of(PWRITE64, INT, BUFFER_IN, LONG, LONG),
            of(READV, INT, POINTER, INT),
            of(WRITEV, INT, POINTER, INT),
            of(ACCESS, PATH, INT),
            of(PIPE, PIPE_OUT),
            of(SCHED_YIELD),
            of(MSYNC, POINTER, LONG, MSYNC_FLAGS),
            of(MADVISE, POINTER, LONG, ADVICE),
            of(DUP, INT),
            of(DUP2, INT, INT),
            of(PAUSE),
            of(NANOSLEEP, TIME_IN, POINTER),
            of(ALARM, INT),
            of(GETPID),
            of(FORK, POINTER, LONG),
            of(VFORK, POINTER, LONG),
            of(EXECVE, PATH, STRINGS, STRINGS_COUNTED),
            of(EXIT, INT),
            of(WAIT4, INT, STATUS_OUT, WAIT_OPTIONS, POINTER),
            of(KILL, INT, SIGNAL),
            of(UNAME, POINTER),
            of(FCNTL, INT, INT, LONG),
            of(FSYNC, INT),
            of(FDATASYNC, INT),
            of(TRUNCATE, PATH, LONG),
            of(FTRUNCATE, INT, LONG),
            of(GETCWD, BUFFER_OUT, LONG),
            of(CHDIR, PATH),
            of(FCHDIR, INT),
            of(RENAME, PATH, PATH),
            of(MKDIR, PATH, MODE),
            of(RMDIR, PATH),
            of(CREAT, PATH, MODE),
            of(LINK, PATH, PATH),
            of(UNLINK, PATH),
            of(SYMLINK, PATH, PATH),
            of(READLINK, PATH, BUFFER_OUT, LONG),
            of(CHMOD, PATH, MODE),
            of(FCHMOD, INT, MODE),
            of(UMASK, MODE),
            of(GETUID),
            of(GETGID),
            of(SETUID, INT),
            of(SETGID, INT),
            of(GETEUID),
            of(GETEGID),
            of(SETPGID, INT, INT),
            of(GETPPID),
            of(GETPGRP),
            of(SETSID),
            of(GETPGID, INT),
            of(MKNOD, PATH, MODE, HEX),
            of(SYNC),
            of(REBOOT, HEX, HEX, HEX, POINTER),
            of(DELETE_MODULE, PATH, HEX),
            of(GETTID),
            of(TIME, POINTER),
            of(GETDENTS64, INT, POINTER, LONG),
            of(CLOCK_GETTIME, INT, TIME_OUT),
            of(CLOCK_NANOSLEEP, INT, INT, TIME_IN, POINTER),
            of(IO_SETUP, INT, POINTER),
            of(IO_DESTROY, HEX),
            of(IO_GETEVENTS, HEX, LONG, LONG, POINTER, TIME_IN),
            of(IO_SUBMIT, HEX, LONG, POINTER),
            of(IO_CANCEL, HEX, POINTER, POINTER),
            of(EXIT_GROUP, INT),
            of(IOPRIO_SET, INT, INT, HEX),
            of(IOPRIO_GET, INT, INT),
            of(EVENTFD, INT),
            of(EVENTFD2, INT, OPEN_FLAGS),
            of(TGKILL, INT, INT, SIGNAL),
            of(OPENAT, DIRECTORY, PATH, OPEN_FLAGS, MODE),
            of(MKDIRAT, DIRECTORY, PATH, MODE),
            of(NEWFSTATAT, DIRECTORY, PATH, POINTER, HEX),
            of(UNLINKAT, DIRECTORY, PATH, HEX),
            of(RENAMEAT, DIRECTORY, PATH, DIRECTORY, PATH),
            of(DUP3, INT, INT, OPEN_FLAGS),
            of(PIPE2, PIPE_OUT, OPEN_FLAGS),
            of(GETRANDOM, BUFFER_OUT, LONG, HEX));

    private final int number;
    private final ArgumentKind[] kinds;

    private Signature(int number, ArgumentKind[] kinds) {
        this.number = number;
        this.kinds = kinds;
    }

    private static Signature of(int number, ArgumentKind... kinds) {
        return new Signature(number, kinds);
    }

    int number() {
        return number;
    }

    ArgumentKind[] kinds() {
        return kinds;
    }

    /** The numbers whose names are also kinds of arguments. */
    private static final class ArgumentNumbers {
        static final int POLL = kernel.uapi.SystemCallNumber.POLL;
        static final int IOCTL = kernel.uapi.SystemCallNumber.IOCTL;
    }
}
