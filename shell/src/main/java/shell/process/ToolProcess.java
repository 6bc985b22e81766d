// SPDX-License-Identifier: Apache-2.0
package shell.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kernel.uapi.Errno;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;

/**
 * A tool's own process, seen from inside: its arguments, and the few system calls that tools need. Belongs to one process and works only on
 * its thread.
 */
public final class ToolProcess {
    private static final int TCGETS = 0x5401;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int COLUMNS_DEFAULT = 80;
    private static final int DT_DIR = 4;
    private static final int HEAP_BYTES = 64 * 1024;
    private static final int SIGNAL_SET_BYTES = 8;
    private static final int SIGACTION_BYTES = 32;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String PATH_DEFAULT = "/bin:/sbin";
    private static final int STATUS_NOT_EXECUTABLE = 126;
    private static final int STATUS_NOT_FOUND = 127;

    private final UserProcessor processor;
    private final List<String> words;
    private final List<String> environment;
    private final ProcessOutput out;
    private final ProcessOutput err;
    private long heap;
    private long used;

    private ToolProcess(UserProcessor processor, List<String> words, List<String> environment) {
        this.processor = processor;
        this.words = words;
        this.environment = environment;
        out = new ProcessOutput(this, 1);
        err = new ProcessOutput(this, 2);
    }

    /** At the entry of a program: reads what exec put on the stack. */
    public static ToolProcess onStack(UserProcessor processor, long stackPointer) {
        long count = processor.loadLong(stackPointer);
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            words.add(string(processor, processor.loadLong(stackPointer + 8L * i)));
        }
        List<String> environment = new ArrayList<>();
        for (long at = stackPointer + 8 * (count + 2); processor.loadLong(at) != 0; at += 8) {
            environment.add(string(processor, processor.loadLong(at)));
        }
        return new ToolProcess(processor, words, environment);
    }

    private static String string(UserProcessor processor, long address) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte b = processor.loadByte(address); b != 0; b = processor.loadByte(++address)) {
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The arguments without the program's name. */
    public List<String> arguments() {
        return words.isEmpty() ? List.of() : List.copyOf(words.subList(1, words.size()));
    }

    /** A variable of the environment, or null. */
    public String variable(String name) {
        return environment.stream()
                .filter(entry -> entry.startsWith(name + "="))
                .map(entry -> entry.substring(name.length() + 1))
                .findFirst()
                .orElse(null);
    }

    public ProcessOutput out() {
        return out;
    }

    public ProcessOutput err() {
        return err;
    }

    // ---- memory and traps

    /** The trap; a negative errno in {@code [-4095, -1]} is an error. */
    public long call(int number, long a0, long a1, long a2, long a3) {
        return processor.trap(number, a0, a1, a2, a3, 0, 0);
    }

    long call(int number, long a0, long a1, long a2) {
        return call(number, a0, a1, a2, 0);
    }

    UserProcessor processor() {
        return processor;
    }

    /** User memory for the duration of one call: whoever begins a new one starts at the front again. */
    private long take(int bytes) {
        if (heap == 0) {
            heap = processor.trap(SystemCallNumber.BRK, 0, 0, 0, 0, 0, 0);
            processor.trap(SystemCallNumber.BRK, heap + HEAP_BYTES + Limits.ARG_MAX, 0, 0, 0, 0, 0);
        }
        long address = heap + used;
        used += (bytes + 15) & -16;
        return address;
    }

    /** A zero-terminated string in user memory. */
    private long put(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        long address = take(bytes.length);
        processor.store(address, bytes, 0, bytes.length);
        return address;
    }

    /** An array of strings, ended by a zero. */
    private long put(List<String> strings) {
        long[] addresses = new long[strings.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = put(strings.get(i));
        }
        long array = take(8 * (addresses.length + 1));
        for (int i = 0; i < addresses.length; i++) {
            processor.storeLong(array + 8L * i, addresses[i]);
        }
        processor.storeLong(array + 8L * addresses.length, 0);
        return array;
    }

    // ---- files

    /** Writes all of it; 0, or a negative errno. */
    long write(int fd, byte[] bytes, int length) {
        for (int done = 0; done < length; ) {
            int chunk = Math.min(length - done, HEAP_BYTES);
            used = 0;
            long buffer = take(chunk);
            processor.store(buffer, bytes, done, chunk);
            long written = call(SystemCallNumber.WRITE, fd, buffer, chunk);
            if (written < 0 && written != -Errno.EINTR) {
                return written;
            }
            done += (int) Math.max(0, written);
        }
        return 0;
    }

    /** A descriptor, or a negative errno. */
    public int open(String path, int flags, int mode) {
        used = 0;
        return (int) call(SystemCallNumber.OPENAT, OpenFlags.AT_FDCWD, put(path), flags, mode);
    }

    public void close(int fd) {
        call(SystemCallNumber.CLOSE, fd, 0, 0);
    }

    /** An output that goes to that descriptor. */
    public ProcessOutput output(int fd) {
        return new ProcessOutput(this, fd);
    }

    /** All of a file as text; null when it cannot be opened. */
    public String readFile(String path) {
        int fd = open(path, OpenFlags.O_RDONLY, 0);
        if (fd < 0) {
            return null;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] chunk = new byte[Limits.PAGE_SIZE];
        for (; ; ) {
            used = 0;
            long buffer = take(chunk.length);
            long count = call(SystemCallNumber.READ, fd, buffer, chunk.length);
            if (count <= 0) {
                break;
            }
            processor.load(buffer, chunk, 0, (int) count);
            content.write(chunk, 0, (int) count);
        }
        close(fd);
        return content.toString(StandardCharsets.UTF_8);
    }

    /** The names in a directory, sorted, those of directories with a slash; none when it cannot be read. */
    public List<String> list(String directory) {
        List<String> names = new ArrayList<>();
        int fd = open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0);
        if (fd < 0) {
            return names;
        }
        for (; ; ) {
            used = 0;
            long buffer = take(Limits.PAGE_SIZE);
            long count = call(SystemCallNumber.GETDENTS64, fd, buffer, Limits.PAGE_SIZE);
            if (count <= 0) {
                break;
            }
            // struct linux_dirent64: inode, offset, 16 bits of record length, type, name.
            for (long at = buffer; at < buffer + count; ) {
                int recordBytes = (processor.loadByte(at + 16) & 0xff) | (processor.loadByte(at + 17) & 0xff) << 8;
                String name = string(processor, at + 19);
                if (!name.equals(".") && !name.equals("..")) {
                    names.add(processor.loadByte(at + 18) == DT_DIR ? name + "/" : name);
                }
                at += recordBytes;
            }
        }
        close(fd);
        names.sort(null);
        return names;
    }

    /** Where a symbolic link points; null when it is none. */
    public String readLink(String path) {
        used = 0;
        long buffer = take(Limits.PATH_MAX);
        long length = call(SystemCallNumber.READLINK, put(path), buffer, Limits.PATH_MAX);
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        processor.load(buffer, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public boolean isTerminal(int fd) {
        used = 0;
        return call(SystemCallNumber.IOCTL, fd, TCGETS, take(64)) >= 0;
    }

    /** The width of the terminal, 80 when there is none that says. */
    public int columns() {
        used = 0;
        long size = take(8);
        processor.storeLong(size, 0);
        if (call(SystemCallNumber.IOCTL, 1, TIOCGWINSZ, size) < 0) {
            return COLUMNS_DEFAULT;
        }
        int columns = processor.loadInt(size) >>> 16;
        return columns > 0 ? columns : COLUMNS_DEFAULT;
    }

    // ---- modules and machine

    /** init_module(2), with the path of the file on the host; 0 or a negative errno. */
    public long initModule(String hostPath, String parameters) {
        used = 0;
        return call(
                SystemCallNumber.INIT_MODULE,
                put(hostPath),
                hostPath.getBytes(StandardCharsets.UTF_8).length,
                put(parameters));
    }

    /** delete_module(2); 0 or a negative errno. */
    public long deleteModule(String name, boolean force) {
        used = 0;
        return call(
                SystemCallNumber.DELETE_MODULE, put(name), OpenFlags.O_NONBLOCK | (force ? OpenFlags.O_TRUNC : 0), 0);
    }

    // ---- processes

    /** Sleeps; false when a signal came first. */
    public boolean sleep(long nanos) {
        used = 0;
        long time = take(16);
        processor.storeLong(time, nanos / NANOS_PER_SECOND);
        processor.storeLong(time + 8, nanos % NANOS_PER_SECOND);
        return call(SystemCallNumber.NANOSLEEP, time, 0, 0) == 0;
    }

    /** Lets a signal pass by: what it is meant for, the traced program, gets it too. */
    public void ignore(int signal) {
        setAction(signal, Signal.SIG_IGN);
    }

    /** Runs an action when that signal arrives; a call that sleeps then is interrupted. */
    public void handle(int signal, Runnable action) {
        setAction(signal, processor.textAddress((own, number) -> action.run()));
    }

    /** Sends a signal to a process; 0 or a negative errno. */
    public long kill(int pid, int signal) {
        return call(SystemCallNumber.KILL, pid, signal, 0);
    }

    private void setAction(int signal, long handler) {
        used = 0;
        long action = take(SIGACTION_BYTES);
        for (int i = 0; i < SIGACTION_BYTES; i += 8) {
            processor.storeLong(action + i, 0);
        }
        processor.storeLong(action, handler);
        call(SystemCallNumber.RT_SIGACTION, signal, action, 0, SIGNAL_SET_BYTES);
    }

    /**
     * Starts a program as a child, searched for in {@code PATH}.
     *
     * @return its pid, or a negative errno
     */
    public int spawn(List<String> command) {
        Consumer<UserProcessor> child = own -> new ToolProcess(own, words, environment).become(command);
        long entry = processor.textAddress((own, argument) -> child.accept(own));
        return (int) call(SystemCallNumber.FORK, entry, 0, 0);
    }

    /** Becomes another program, with the same arguments and environment. Returns a negative errno when that does not work. */
    public long execute(String path) {
        used = 0;
        return call(SystemCallNumber.EXECVE, put(path), put(words), put(environment));
    }

    private void become(List<String> command) {
        setAction(Signal.SIGINT, Signal.SIG_DFL);
        setAction(Signal.SIGQUIT, Signal.SIG_DFL);
        String name = command.getFirst();
        String path = variable("PATH");
        int errno = Errno.ENOENT;
        List<String> candidates =
                name.indexOf('/') >= 0 ? List.of(name) : search(path == null ? PATH_DEFAULT : path, name);
        for (String candidate : candidates) {
            used = 0;
            long result = call(SystemCallNumber.EXECVE, put(candidate), put(command), put(environment));
            if (result != -Errno.ENOENT && result != -Errno.ENOTDIR) {
                errno = (int) -result;
                break;
            }
        }
        err.println(words.getFirst().replaceFirst(".*/", "") + ": cannot run '" + name + "': " + Errno.text(errno));
        exit(errno == Errno.ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
    }

    private static List<String> search(String path, String name) {
        List<String> candidates = new ArrayList<>();
        for (String directory : path.split(":")) {
            candidates.add((directory.isEmpty() ? "." : directory) + "/" + name);
        }
        return candidates;
    }

    /**
     * Waits until a child has ended.
     *
     * @return its status as wait(2) gives it; -1 when there is no such child
     */
    public int waitFor(int pid) {
        for (; ; ) {
            Integer status = poll(pid, 0);
            if (status != null) {
                return status;
            }
        }
    }

    /** As {@link #waitFor}, but null while it runs. */
    public Integer poll(int pid) {
        return poll(pid, 1);
    }

    private Integer poll(int pid, int options) {
        used = 0;
        long status = take(4);
        long ended = call(SystemCallNumber.WAIT4, pid, status, options, 0);
        if (ended == pid) {
            return processor.loadInt(status);
        }
        return ended == 0 || ended == -Errno.EINTR ? null : Integer.valueOf(-1);
    }

    /** What a shell makes of the status of wait(2). */
    public static int exitCode(int status) {
        return (status & 0x7f) == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f);
    }

    /** Ends the process; does not return. */
    public void exit(int status) {
        call(SystemCallNumber.EXIT_GROUP, status, 0, 0);
        throw new AssertionError("exit_group has returned");
    }
}
