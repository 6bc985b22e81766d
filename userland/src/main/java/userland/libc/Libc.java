// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.FileMode;
import kernel.uapi.Limits;
import kernel.uapi.MapFlags;
import kernel.uapi.OpenFlags;
import kernel.uapi.StatLayout;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;

/**
 * The C library of one process: calls about files here, the others in {@link Processes} and {@link Clock}; memory in {@link Heap} and
 * {@link Arena}. An error is a {@link SystemCallException}; {@link #raw()} answers negative errnos instead. Buffers are addresses in user
 * memory. The instance belongs to the process and works only on its thread; a forked child gets its own.
 */
public final class Libc {
    public static final int STDIN = 0;
    public static final int STDOUT = 1;
    public static final int STDERR = 2;

    /** The size of {@link #ioBuffer()}. */
    public static final int IO_BUFFER_BYTES = 16 * Limits.PAGE_SIZE;

    private static final int POLLFD_BYTES = 8;

    private final UserProcessor processor;
    private final String programName;
    private final Heap heap;
    private final Scratch scratch;
    private final SystemCalls raw;
    private final Processes processes;
    private final Clock clock;
    private final Input stdin;
    private final Output stdout;
    private final Output stderr;
    /** Where the kernel put the environment; read when somebody asks for it. */
    private final long environmentAddress;

    private Environment environment;
    private long ioBuffer;

    /** The library of a process that was just executed. */
    Libc(UserProcessor processor, String programName, long environmentAddress) {
        this.processor = processor;
        this.programName = programName;
        this.environmentAddress = environmentAddress;
        this.heap = new Heap(processor);
        this.scratch = new Scratch(heap);
        this.raw = new SystemCalls(processor, scratch);
        this.processes = new Processes(this);
        this.clock = new Clock(this);
        this.stdin = new Input(this, STDIN);
        this.stdout = Output.buffered(this, STDOUT);
        this.stderr = Output.unbuffered(this, STDERR);
    }

    /** The library of a forked child: everything that is per process made anew, with the parent's values. */
    Libc(UserProcessor processor, Libc parent) {
        this.processor = processor;
        this.programName = parent.programName;
        this.environmentAddress = parent.environmentAddress;
        this.environment = parent.environment == null ? null : new Environment(parent.environment);
        this.ioBuffer = parent.ioBuffer;
        this.heap = new Heap(processor, parent.heap);
        this.scratch = new Scratch(heap, parent.scratch);
        this.raw = new SystemCalls(processor, scratch);
        this.processes = new Processes(this);
        this.clock = new Clock(this);
        this.stdin = new Input(this, parent.stdin);
        this.stdout = Output.buffered(this, STDOUT);
        this.stderr = Output.unbuffered(this, STDERR);
    }

    // ---- The process

    /** The last part of the path that the program was called by. */
    public String programName() {
        return programName;
    }

    public UserProcessor processor() {
        return processor;
    }

    public SystemCalls raw() {
        return raw;
    }

    public Processes processes() {
        return processes;
    }

    public Clock clock() {
        return clock;
    }

    public Environment environment() {
        if (environment == null) {
            environment = new Environment();
            for (long slot = environmentAddress; processor.loadLong(slot) != 0; slot += 8) {
                environment.put(CString.load(processor, processor.loadLong(slot)));
            }
        }
        return environment;
    }

    public Heap heap() {
        return heap;
    }

    public Arena arena() {
        return new Arena(processor, scratch);
    }

    /**
     * A buffer of {@link #IO_BUFFER_BYTES} on a page boundary, the same at each call: for a loop that reads and writes, which then allocates
     * nothing. It belongs to whoever asked last.
     */
    public long ioBuffer() {
        if (ioBuffer == 0) {
            ioBuffer = Heap.alignUp(heap.malloc(IO_BUFFER_BYTES + Limits.PAGE_SIZE), Limits.PAGE_SIZE);
        }
        return ioBuffer;
    }

    /** Prints {@code program: message} to the standard error (warnx(3)). */
    public void warn(String message) {
        try {
            stdout.flush();
            stderr.println(programName + ": " + message);
        } catch (SystemCallException _) {
            return; // There is nobody left to tell.
        }
    }

    /** Writes out what is buffered and ends the process; does not return. A failure to write makes the status 1. */
    public void exit(int status) {
        int code = status;
        try {
            stdout.flush();
        } catch (SystemCallException e) {
            warn(e.getMessage());
            code = 1;
        }
        raw.call(SystemCallNumber.EXIT_GROUP, code);
        throw new IllegalStateException("exit_group returned");
    }

    // ---- Streams

    public Input stdin() {
        return stdin;
    }

    public Output stdout() {
        return stdout;
    }

    public Output stderr() {
        return stderr;
    }

    public Input input(int fd) {
        return fd == STDIN ? stdin : new Input(this, fd);
    }

    // ---- Descriptors

    public int open(String path, int flags) {
        return open(path, flags, 0);
    }

    /**
     * Opens a file (open(2)).
     *
     * @throws SystemCallException ENOENT, EACCES, EISDIR, EMFILE, ENXIO, ENODEV and what the driver says
     */
    public int open(String path, int flags, int mode) {
        return (int) check(raw.open(path, flags, mode), "open", path);
    }

    /** Reads once; answers the number of bytes, 0 at the end of the file. */
    public int read(int fd, long buffer, long count) {
        return (int) check(raw.read(fd, buffer, count), "read", null);
    }

    /** Writes once; answers the number of bytes, which may be fewer than asked for. */
    public int write(int fd, long buffer, long count) {
        return (int) check(raw.write(fd, buffer, count), "write", null);
    }

    public void close(int fd) {
        check(raw.close(fd), "close", null);
    }

    public long lseek(int fd, long offset, int whence) {
        return check(raw.lseek(fd, offset, whence), "lseek", null);
    }

    public int dup(int fd) {
        return (int) check(raw.dup(fd), "dup", null);
    }

    public int dup2(int from, int to) {
        return (int) check(raw.dup2(from, to), "dup2", null);
    }

    public int fcntl(int fd, int command, long argument) {
        return (int) check(raw.fcntl(fd, command, argument), "fcntl", null);
    }

    public int ioctl(int fd, long request, long argument) {
        return (int) check(raw.ioctl(fd, request, argument), "ioctl", null);
    }

    /** Makes durable what was written. */
    public void fsync(int fd) {
        check(raw.call(SystemCallNumber.FSYNC, fd), "fsync", null);
    }

    /** As {@link #fsync}, but for what is not needed to find the data again. */
    public void fdatasync(int fd) {
        check(raw.call(SystemCallNumber.FDATASYNC, fd), "fdatasync", null);
    }

    public long pread(int fd, long buffer, long count, long offset) {
        return check(raw.call(SystemCallNumber.PREAD64, fd, buffer, count, offset), "pread", null);
    }

    public long pwrite(int fd, long buffer, long count, long offset) {
        return check(raw.call(SystemCallNumber.PWRITE64, fd, buffer, count, offset), "pwrite", null);
    }

    /** A counter to wait for (eventfd(2)); {@code O_NONBLOCK} and {@code O_CLOEXEC} are its flags, and 1 for a semaphore. */
    public int eventfd(int count, int flags) {
        return (int) check(raw.call(SystemCallNumber.EVENTFD2, count, flags), "eventfd", null);
    }

    public Pipe pipe2(int flags) {
        try (Arena arena = arena()) {
            long ends = arena.allocate(2L * Integer.BYTES);
            check(raw.pipe2(ends, flags), "pipe2", null);
            return new Pipe(processor.loadInt(ends), processor.loadInt(ends + Integer.BYTES));
        }
    }

    /**
     * Waits until a descriptor is ready.
     *
     * @param timeoutMillis negative: for ever
     * @return what happened, of {@link kernel.uapi.PollEvents}; 0 when the time was up
     */
    public int poll(int fd, int events, int timeoutMillis) {
        try (Arena arena = arena()) {
            long entry = arena.allocate(POLLFD_BYTES);
            processor.storeInt(entry, fd);
            processor.storeInt(entry + Integer.BYTES, events & 0xffff);
            check(raw.poll(entry, 1, timeoutMillis), "poll", null);
            return processor.loadInt(entry + Integer.BYTES) >>> 16;
        }
    }

    // ---- Files and directories

    public FileStatus stat(String path) {
        try (Arena arena = arena()) {
            long status = arena.allocate(StatLayout.BYTES);
            check(raw.stat(path, status), "stat", path);
            return FileStatus.load(processor, status);
        }
    }

    /** Like {@link #stat}, and a symbolic link is itself. */
    public FileStatus lstat(String path) {
        try (Arena arena = arena()) {
            long status = arena.allocate(StatLayout.BYTES);
            check(raw.lstat(path, status), "lstat", path);
            return FileStatus.load(processor, status);
        }
    }

    public FileStatus fstat(int fd) {
        try (Arena arena = arena()) {
            long status = arena.allocate(StatLayout.BYTES);
            check(raw.fstat(fd, status), "fstat", null);
            return FileStatus.load(processor, status);
        }
    }

    boolean isCharacterDevice(int fd) {
        try (Arena arena = arena()) {
            long status = arena.allocate(StatLayout.BYTES);
            return raw.fstat(fd, status) >= 0
                    && FileMode.isCharacterDevice(processor.loadInt(status + StatLayout.MODE));
        }
    }

    /** All entries of a directory, in its own order. */
    public List<DirectoryEntry> listDirectory(String path) {
        int fd = open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC);
        List<DirectoryEntry> entries = new ArrayList<>();
        try (Arena arena = arena()) {
            long buffer = arena.allocate(Limits.PAGE_SIZE);
            long count = raw.getdents64(fd, buffer, Limits.PAGE_SIZE);
            while (count > 0) {
                DirectoryEntry.loadAll(processor, buffer, count, entries);
                count = raw.getdents64(fd, buffer, Limits.PAGE_SIZE);
            }
            raw.close(fd);
            check(count, "getdents64", path);
        }
        return entries;
    }

    public void mkdir(String path, int mode) {
        check(raw.mkdir(path, mode), "mkdir", path);
    }

    public void rmdir(String path) {
        check(raw.rmdir(path), "rmdir", path);
    }

    public void unlink(String path) {
        check(raw.unlink(path), "unlink", path);
    }

    public void rename(String from, String to) {
        check(raw.rename(from, to), "rename", from);
    }

    public void chmod(String path, int mode) {
        check(raw.chmod(path, mode), "chmod", path);
    }

    public void link(String target, String path) {
        check(raw.link(target, path), "link", path);
    }

    public void symlink(String target, String path) {
        check(raw.symlink(target, path), "symlink", path);
    }

    public String readlink(String path) {
        try (Arena arena = arena()) {
            long buffer = arena.allocate(Limits.PATH_MAX + 1L);
            long count = check(raw.readlink(path, buffer, Limits.PATH_MAX), "readlink", path);
            processor.storeByte(buffer + count, (byte) 0);
            return CString.load(processor, buffer);
        }
    }

    public void chdir(String path) {
        check(raw.chdir(path), "chdir", path);
    }

    public String getcwd() {
        try (Arena arena = arena()) {
            long buffer = arena.allocate(Limits.PATH_MAX);
            check(raw.getcwd(buffer, Limits.PATH_MAX), "getcwd", null);
            return CString.load(processor, buffer);
        }
    }

    // ---- The system

    public SystemName uname() {
        try (Arena arena = arena()) {
            long name = arena.allocate(SystemName.BYTES);
            check(raw.call(SystemCallNumber.UNAME, name), "uname", null);
            return SystemName.load(processor, name);
        }
    }

    /**
     * Unloads a kernel module (delete_module(2)).
     *
     * @throws SystemCallException EWOULDBLOCK when the module is in use, ENOENT when there is none
     */
    public void deleteModule(String name, int flags) {
        check(raw.deleteModule(name, flags), "delete_module", name);
    }

    /** Memory of its own, in whole pages, cleared (mmap(2) with MAP_ANONYMOUS). */
    public long mmap(long sizeBytes) {
        return mmap(
                sizeBytes,
                MapFlags.PROT_READ | MapFlags.PROT_WRITE,
                MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS,
                -1,
                0);
    }

    /**
     * Maps a file (mmap(2)); loads and stores of what it answers go to the file.
     *
     * @param protection what will be done with it, see {@link MapFlags}
     * @param flags whether others see what is written, see {@link MapFlags}
     * @param offset where in the file it begins, a multiple of the page size
     * @throws SystemCallException EACCES when the file was not opened for that, ENODEV when it cannot be mapped, ENOMEM, EINVAL, ...
     */
    public long mmap(long sizeBytes, int protection, int flags, int fd, long offset) {
        return check(raw.call(SystemCallNumber.MMAP, 0, sizeBytes, protection, flags, fd, offset), "mmap", null);
    }

    /**
     * Sees to it that what was written to a mapped file is stored (msync(2)).
     *
     * @throws SystemCallException ENOMEM when part of it is not mapped, EIO, ...
     */
    public void msync(long address, long sizeBytes, int flags) {
        check(raw.call(SystemCallNumber.MSYNC, address, sizeBytes, flags), "msync", null);
    }

    /** Takes mapped memory away (munmap(2)). */
    public void munmap(long address, long sizeBytes) {
        check(raw.call(SystemCallNumber.MUNMAP, address, sizeBytes), "munmap", null);
    }

    /** Makes an exception of a negative errno; every other result passes. */
    static long check(long result, String call, String path) {
        if (Errno.isError(result)) {
            throw SystemCallException.of((int) -result, call, path);
        }
        return result;
    }
}
