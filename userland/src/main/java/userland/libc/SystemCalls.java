// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static kernel.uapi.SystemCallNumber.*;

import java.util.Collection;
import kernel.uapi.OpenFlags;
import kernel.uapi.UserProcessor;

/**
 * The system calls as the kernel offers them: a count or a descriptor, or a negative errno. Strings are put into user memory first; every
 * other pointer is an address there. {@link Libc} makes typed exceptions of the errors.
 */
public final class SystemCalls {
    private static final int SIGNAL_SET_BYTES = 8;
    /** struct sigaction of the kernel: handler, flags, restorer, mask. */
    private static final int SIGACTION_BYTES = 32;

    private final UserProcessor processor;
    private final Scratch scratch;

    SystemCalls(UserProcessor processor, Scratch scratch) {
        this.processor = processor;
        this.scratch = scratch;
    }

    /** Any call by its number (syscall(2)). */
    public long call(int number) {
        return processor.trap(number, 0, 0, 0, 0, 0, 0);
    }

    public long call(int number, long a0) {
        return processor.trap(number, a0, 0, 0, 0, 0, 0);
    }

    public long call(int number, long a0, long a1) {
        return processor.trap(number, a0, a1, 0, 0, 0, 0);
    }

    public long call(int number, long a0, long a1, long a2) {
        return processor.trap(number, a0, a1, a2, 0, 0, 0);
    }

    public long call(int number, long a0, long a1, long a2, long a3) {
        return processor.trap(number, a0, a1, a2, a3, 0, 0);
    }

    public long call(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        return processor.trap(number, a0, a1, a2, a3, a4, a5);
    }

    public long read(int fd, long buffer, long count) {
        return call(READ, fd, buffer, count);
    }

    public long write(int fd, long buffer, long count) {
        return call(WRITE, fd, buffer, count);
    }

    public long open(String path, int flags, int mode) {
        try (Arena arena = arena()) {
            return call(OPENAT, OpenFlags.AT_FDCWD, arena.string(path), flags, mode);
        }
    }

    public long close(int fd) {
        return call(CLOSE, fd);
    }

    public long lseek(int fd, long offset, int whence) {
        return call(LSEEK, fd, offset, whence);
    }

    /** Writes struct stat to the address, as {@link kernel.uapi.StatLayout} says. */
    public long stat(String path, long status) {
        try (Arena arena = arena()) {
            return call(STAT, arena.string(path), status);
        }
    }

    public long lstat(String path, long status) {
        try (Arena arena = arena()) {
            return call(LSTAT, arena.string(path), status);
        }
    }

    public long fstat(int fd, long status) {
        return call(FSTAT, fd, status);
    }

    public long getdents64(int fd, long buffer, long count) {
        return call(GETDENTS64, fd, buffer, count);
    }

    public long dup(int fd) {
        return call(DUP, fd);
    }

    public long dup2(int from, int to) {
        return call(DUP2, from, to);
    }

    public long fcntl(int fd, int command, long argument) {
        return call(FCNTL, fd, command, argument);
    }

    /** Writes the two descriptors to the address, an int each: the read end, the write end. */
    public long pipe2(long ends, int flags) {
        return call(PIPE2, ends, flags);
    }

    public long ioctl(int fd, long request, long argument) {
        return call(IOCTL, fd, request, argument);
    }

    /** Waits on an array of struct pollfd. */
    public long poll(long entries, int count, int timeoutMillis) {
        return call(POLL, entries, count, timeoutMillis);
    }

    public long mkdir(String path, int mode) {
        return withPath(MKDIR, path, mode);
    }

    public long rmdir(String path) {
        return withPath(RMDIR, path, 0);
    }

    public long unlink(String path) {
        return withPath(UNLINK, path, 0);
    }

    public long chdir(String path) {
        return withPath(CHDIR, path, 0);
    }

    public long rename(String from, String to) {
        try (Arena arena = arena()) {
            return call(RENAME, arena.string(from), arena.string(to));
        }
    }

    public long chmod(String path, int mode) {
        return withPath(CHMOD, path, mode);
    }

    public long link(String target, String path) {
        try (Arena arena = arena()) {
            return call(LINK, arena.string(target), arena.string(path));
        }
    }

    public long symlink(String target, String path) {
        try (Arena arena = arena()) {
            return call(SYMLINK, arena.string(target), arena.string(path));
        }
    }

    public long readlink(String path, long buffer, long count) {
        try (Arena arena = arena()) {
            return call(READLINK, arena.string(path), buffer, count);
        }
    }

    public long getcwd(long buffer, long count) {
        return call(GETCWD, buffer, count);
    }

    public long deleteModule(String name, int flags) {
        return withPath(DELETE_MODULE, name, flags);
    }

    /**
     * Does not return when it succeeds: the kernel leaves this program's stack by an internal error.
     *
     * @param arguments the program's name first
     * @param environment {@code NAME=value}
     */
    public long execve(String path, Collection<String> arguments, Collection<String> environment) {
        try (Arena arena = arena()) {
            return call(EXECVE, arena.string(path), arena.strings(arguments), arena.strings(environment));
        }
    }

    /** Makes a child that starts at a text address, with the argument. */
    public long fork(long entry, long argument) {
        return call(FORK, entry, argument);
    }

    /** Writes the wait status to an address, unless it is 0. */
    public long wait4(int pid, long status, int options) {
        return call(WAIT4, pid, status, options, 0);
    }

    public long kill(int pid, int signal) {
        return call(KILL, pid, signal);
    }

    public long setpgid(int pid, int group) {
        return call(SETPGID, pid, group);
    }

    /** Sets a handler: a text address, or {@link kernel.uapi.Signal#SIG_DFL} or {@link kernel.uapi.Signal#SIG_IGN}. */
    public long sigaction(int signal, long handler, long flags) {
        try (Arena arena = arena()) {
            long action = arena.allocate(SIGACTION_BYTES);
            processor.storeLong(action, handler);
            processor.storeLong(action + 8, flags);
            processor.storeLong(action + 16, 0);
            processor.storeLong(action + 24, 0);
            return call(RT_SIGACTION, signal, action, 0, SIGNAL_SET_BYTES);
        }
    }

    public long mount(String source, String target, String type, int flags, String options) {
        try (Arena arena = arena()) {
            return call(
                    MOUNT,
                    arena.string(source),
                    arena.string(target),
                    type.isEmpty() ? 0 : arena.string(type),
                    flags,
                    options.isEmpty() ? 0 : arena.string(options),
                    0);
        }
    }

    public long umount2(String path, int flags) {
        return withPath(UMOUNT2, path, flags);
    }

    public long sync() {
        return call(SYNC);
    }

    public long syncfs(int fd) {
        return call(SYNCFS, fd);
    }

    public long fsync(int fd) {
        return call(FSYNC, fd);
    }

    public long fdatasync(int fd) {
        return call(FDATASYNC, fd);
    }

    public long truncate(String path, long sizeBytes) {
        return withPath(TRUNCATE, path, sizeBytes);
    }

    public long ftruncate(int fd, long sizeBytes) {
        return call(FTRUNCATE, fd, sizeBytes);
    }

    /** Fills {@code statistics}, 120 bytes. */
    public long statfs(String path, long statistics) {
        return withPath(STATFS, path, statistics);
    }

    private long withPath(int number, String path, long argument) {
        try (Arena arena = arena()) {
            return call(number, arena.string(path), argument);
        }
    }

    private Arena arena() {
        return new Arena(processor, scratch);
    }
}
