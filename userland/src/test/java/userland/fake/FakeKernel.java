// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import static kernel.uapi.Errno.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import kernel.uapi.Executable;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import kernel.uapi.Seek;
import kernel.uapi.Signal;
import kernel.uapi.StatLayout;
import kernel.uapi.SystemCallNumber;
import userland.libc.Crt;
import userland.libc.Program;

/** The kernel itself: run a program, look at what it wrote, at its exit status, and at its calls. */
public final class FakeKernel {
    private static final int TCGETS = 0x5401;
    private static final int TIOCGPGRP = 0x540F;
    private static final int TIOCSPGRP = 0x5410;
    private static final int SET_PROMPT = 0x5501;
    private static final int CORE_SIGNALS = Signal.SIGSYS;

    /** The end of a program: an exit status, or 128 and the signal. */
    public record Result(int status, String out, String err) {}

    private final FakeFiles files = new FakeFiles();
    private final List<String> calls = new ArrayList<>();
    private final Map<Integer, List<Long>> injected = new HashMap<>();
    private final Map<Integer, Long> limits = new HashMap<>();
    private final Map<Integer, FakeProcess> processes = new HashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<Integer, Long> counts = new HashMap<>();
    private int lastPid = 41;
    private int signalCall;
    private long signalNth;
    private int signalOnCall;
    private long nanos;

    /** The files that a program will find. */
    public FakeFiles files() {
        return files;
    }

    public FakeKernel file(String path, String content) {
        files.write(path, content);
        return this;
    }

    public FakeKernel program(String path, Executable program) {
        files.program(path, program);
        return this;
    }

    public FakeKernel environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The next calls of that number answer these results and do nothing. */
    public FakeKernel inject(int number, long... results) {
        List<Long> queue = injected.computeIfAbsent(number, _ -> new ArrayList<>());
        Arrays.stream(results).forEach(queue::add);
        return this;
    }

    /** Reads or writes move so many bytes at the most. */
    public FakeKernel limit(int number, long bytes) {
        limits.put(number, bytes);
        return this;
    }

    /** The calls so far, such as {@code read(3, 4096)}; memory addresses left out. */
    public List<String> calls() {
        return calls;
    }

    public List<String> calls(String name) {
        return calls.stream().filter(call -> call.startsWith(name + "(")).toList();
    }

    /** How often a call was made. */
    public long count(int number) {
        return counts.getOrDefault(number, 0L);
    }

    /** The process that makes that call for the n-th time gets a signal while it is in it. */
    public FakeKernel onCall(int number, long nth, int signal) {
        signalCall = number;
        signalNth = nth;
        signalOnCall = signal;
        return this;
    }

    /** Virtual time. */
    public long nanos() {
        return nanos;
    }

    /** Runs Java code as a program of its own. */
    public Result main(Program program, String... arguments) {
        return start(new Crt(() -> program), "", arguments);
    }

    /** Runs a file with nothing on its standard input. */
    public Result run(String path, String... arguments) {
        return runWithInput("", path, arguments);
    }

    public Result runWithInput(String input, String path, String... arguments) {
        List<String> all = new ArrayList<>(List.of(path));
        all.addAll(List.of(arguments));
        return start(files.find("/", path, true).program, input, all.toArray(String[]::new));
    }

    /** Runs a file under names of the caller's choice, the program's own first. */
    public Result runAs(String path, String... arguments) {
        return start(files.find("/", path, true).program, "", arguments);
    }

    private Result start(Executable program, String input, String... arguments) {
        FakeProcess process = new FakeProcess(this, ++lastPid);
        PipeBuffer in = new PipeBuffer();
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        in.write(bytes, bytes.length);
        Node out = files.detached();
        Node err = files.detached();
        Node stdin = files.find("/", "/dev/stdin", true);
        process.install(
                0,
                stdin == null
                        ? new OpenFile(null, in, OpenFlags.O_RDONLY, "pipe")
                        : new OpenFile(stdin, null, OpenFlags.O_RDWR, "/dev/stdin"));
        process.install(1, new OpenFile(out, null, OpenFlags.O_WRONLY | OpenFlags.O_APPEND, "out"));
        process.install(2, new OpenFile(err, null, OpenFlags.O_WRONLY | OpenFlags.O_APPEND, "err"));
        List<String> definitions = new ArrayList<>();
        environment.forEach((name, value) -> definitions.add(name + "=" + value));
        long stackPointer = initialStack(process, List.of(arguments), definitions);
        int status = live(process, () -> program.start(process, stackPointer));
        process.closeAll();
        int shown = (status & 0x7f) == 0 ? status >> 8 : 128 + (status & 0x7f);
        return new Result(
                shown,
                new String(out.content, StandardCharsets.UTF_8),
                new String(err.content, StandardCharsets.UTF_8));
    }

    /** Runs a process to its end, through every exec; answers its wait status. */
    private int live(FakeProcess process, Runnable first) {
        processes.put(process.pid, process);
        Runnable code = first;
        int status = -1;
        while (status < 0) {
            try {
                code.run();
                status = 0;
            } catch (ProcessEnd.ByExit end) {
                status = (end.status & 0xff) << 8;
            } catch (ProcessEnd.BySignal end) {
                status = end.signal;
            } catch (ProcessEnd.ByExec end) {
                code = () -> end.program.start(process, end.stackPointer);
            }
        }
        processes.remove(process.pid);
        return status;
    }

    private static long initialStack(FakeProcess process, List<String> arguments, List<String> environment) {
        ByteBuffer table = buffer(8 * (arguments.size() + environment.size() + 4));
        table.putLong(arguments.size());
        for (List<String> strings : List.of(arguments, environment)) {
            for (String string : strings) {
                byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
                table.putLong(process.memory.push(ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1))));
            }
            table.putLong(0);
        }
        return process.memory.push(table);
    }

    long trap(FakeProcess process, int number, long[] a) {
        String name = SystemCallNumber.name(number);
        counts.merge(number, 1L, Long::sum);
        if (signalOnCall != 0 && number == signalCall && counts.get(number) == signalNth) {
            process.deliver(signalOnCall);
        }
        List<Long> queue = injected.get(number);
        if (queue != null && !queue.isEmpty()) {
            calls.add(name + "(...) = " + queue.getFirst());
            return queue.removeFirst();
        }
        int fd = (int) a[0];
        return switch (number) {
            case SystemCallNumber.READ -> log("read(" + fd + ", " + a[2] + ")", read(process, fd, a[1], a[2]));
            case SystemCallNumber.WRITE -> log("write(" + fd + ", " + a[2] + ")", write(process, fd, a[1], a[2]));
            case SystemCallNumber.OPENAT -> open(process, string(process, a[1]), (int) a[2], (int) a[3]);
            case SystemCallNumber.CLOSE ->
                withFile(process, fd, _ -> {
                    process.close(fd);
                    return 0;
                });
            case SystemCallNumber.STAT -> status(process, node(process, a[0], true), a[1]);
            case SystemCallNumber.LSTAT -> status(process, node(process, a[0], false), a[1]);
            case SystemCallNumber.FSTAT -> withFile(process, fd, file -> fstat(process, file, a[1]));
            case SystemCallNumber.LSEEK ->
                withFile(
                        process,
                        fd,
                        file -> log("lseek(" + fd + ", " + a[1] + ", " + a[2] + ")", seek(file, a[1], (int) a[2])));
            case SystemCallNumber.GETDENTS64 -> withFile(process, fd, file -> entries(process, file, a[1], a[2]));
            case SystemCallNumber.DUP -> withFile(process, fd, file -> duplicate(process, file, 0));
            case SystemCallNumber.DUP2 ->
                withFile(process, fd, file -> {
                    process.install((int) a[1], file);
                    process.closeOnExec.remove((int) a[1]);
                    return a[1];
                });
            case SystemCallNumber.FCNTL -> withFile(process, fd, file -> fcntl(process, fd, file, (int) a[1], a[2]));
            case SystemCallNumber.PIPE2 -> pipe(process, a[0], (int) a[1]);
            case SystemCallNumber.IOCTL -> withFile(process, fd, file -> ioctl(process, file, (int) a[1], a[2]));
            case SystemCallNumber.EXECVE -> exec(process, a);
            case SystemCallNumber.FORK -> fork(process, a[0], a[1]);
            case SystemCallNumber.WAIT4 -> wait4(process, fd, a[1]);
            case SystemCallNumber.KILL -> log("kill(" + fd + ", " + a[1] + ")", kill(process, fd, (int) a[1]));
            case SystemCallNumber.SETPGID -> log("setpgid(" + fd + ", " + a[1] + ")", setpgid(process, fd, (int) a[1]));
            case SystemCallNumber.GETPID -> process.pid;
            case SystemCallNumber.GETPPID -> process.parent;
            case SystemCallNumber.GETPGRP -> process.processGroup;
            case SystemCallNumber.CHDIR -> chdir(process, string(process, a[0]));
            case SystemCallNumber.GETCWD -> putString(process, a[0], a[1], process.directory, true);
            case SystemCallNumber.MKDIR -> files.mkdir(process.directory, string(process, a[0]), (int) a[1]);
            case SystemCallNumber.RMDIR -> files.remove(process.directory, string(process, a[0]), true);
            case SystemCallNumber.UNLINK -> files.remove(process.directory, string(process, a[0]), false);
            case SystemCallNumber.RENAME ->
                files.rename(process.directory, string(process, a[0]), string(process, a[1]));
            case SystemCallNumber.CHMOD -> {
                Node file = node(process, a[0], true);
                yield file == null ? -ENOENT : file.changeMode((int) a[1]);
            }
            case SystemCallNumber.LINK ->
                files.hardLink(process.directory, string(process, a[0]), string(process, a[1]));
            case SystemCallNumber.SYMLINK ->
                files.symbolicLink(process.directory, string(process, a[0]), string(process, a[1]));
            case SystemCallNumber.READLINK -> {
                Node link = node(process, a[0], false);
                yield link == null || link.target == null
                        ? -EINVAL
                        : putString(process, a[1], a[2], link.target, false);
            }
            case SystemCallNumber.PWRITE64 ->
                withFile(process, fd, file -> {
                    long position = file.position;
                    file.position = a[3];
                    long result = write(process, fd, a[1], a[2]);
                    file.position = position;
                    return log("pwrite64(" + fd + ", " + a[2] + ", " + a[3] + ")", result);
                });
            case SystemCallNumber.FSYNC -> withFile(process, fd, _ -> log("fsync(" + fd + ")", 0));
            case SystemCallNumber.GETRANDOM -> {
                for (long i = 0; i < a[1]; i++) {
                    process.storeByte(a[0] + i, (byte) (17 * i + 4));
                }
                yield a[1];
            }
            case SystemCallNumber.BRK -> process.memory.brk(a[0]);
            case SystemCallNumber.MMAP -> process.memory.map(a[1]);
            case SystemCallNumber.MUNMAP -> process.memory.unmap(a[0], a[1]) ? 0 : -EINVAL;
            case SystemCallNumber.RT_SIGACTION -> {
                process.signalActions.put(fd, process.loadLong(a[1]));
                yield 0;
            }
            case SystemCallNumber.NANOSLEEP -> {
                nanos += process.loadLong(a[0]) * 1_000_000_000L + process.loadLong(a[0] + 8);
                yield 0;
            }
            case SystemCallNumber.CLOCK_GETTIME -> {
                process.storeLong(a[1], nanos / 1_000_000_000L);
                process.storeLong(a[1] + 8, nanos % 1_000_000_000L);
                yield 0;
            }
            case SystemCallNumber.UNAME -> uname(process, a[0]);
            case SystemCallNumber.SCHED_YIELD -> 0;
            case SystemCallNumber.EXIT_GROUP -> throw new ProcessEnd.ByExit(fd);
            default -> -ENOSYS;
        };
    }

    private long log(String call, long result) {
        calls.add(call + " = " + result);
        return result;
    }

    private static long withFile(FakeProcess process, int fd, ToLongFunction<OpenFile> body) {
        OpenFile file = process.files.get(fd);
        return file == null ? -EBADF : body.applyAsLong(file);
    }

    private long read(FakeProcess process, int fd, long address, long wanted) {
        return withFile(process, fd, file -> {
            if (!process.memory.mapped(address, wanted)) {
                return -EFAULT;
            }
            int count = (int) Math.min(wanted, limits.getOrDefault(SystemCallNumber.READ, Long.MAX_VALUE));
            byte[] bytes = new byte[count];
            int n;
            if (!file.mayRead()) {
                n = -EBADF;
            } else if (file.pipe != null) {
                n = file.pipe.read(bytes, count);
            } else if (file.node.isDirectory()) {
                n = -EISDIR;
            } else if (file.node.device != null) {
                n = file.node.device.read(bytes, count);
            } else {
                n = (int) Math.max(0, Math.min(count, file.node.content.length - file.position));
                System.arraycopy(file.node.content, (int) file.position, bytes, 0, n);
                file.position += n;
            }
            process.memory.store(address, bytes, 0, Math.max(0, n));
            return n;
        });
    }

    private long write(FakeProcess process, int fd, long address, long wanted) {
        return withFile(process, fd, file -> {
            if (!process.memory.mapped(address, wanted)) {
                return -EFAULT;
            }
            int count = (int) Math.min(wanted, limits.getOrDefault(SystemCallNumber.WRITE, Long.MAX_VALUE));
            byte[] bytes = process.memory.load(address, count).array();
            if (!OpenFlags.mayWrite(file.flags)) {
                return -EBADF;
            }
            if (file.pipe != null) {
                if (!file.pipe.isRead()) {
                    process.deliver(Signal.SIGPIPE);
                    return -EPIPE;
                }
                file.pipe.write(bytes, count);
            } else if (file.node.device != null) {
                return file.node.device.write(bytes, count);
            } else {
                int at = (file.flags & OpenFlags.O_APPEND) != 0 ? file.node.content.length : (int) file.position;
                file.node.content = Arrays.copyOf(file.node.content, Math.max(file.node.content.length, at + count));
                System.arraycopy(bytes, 0, file.node.content, at, count);
                file.position = (long) at + count;
            }
            return count;
        });
    }

    private long open(FakeProcess process, String path, int flags, int mode) {
        Node node = files.find(process.directory, path, true);
        if (node == null && (flags & OpenFlags.O_CREAT) != 0) {
            node = files.create(process.directory, path, mode);
        }
        if (node == null) {
            return log("openat(" + path + ")", files.whyNot(process.directory, path));
        }
        if (node.isDirectory() && OpenFlags.mayWrite(flags)) {
            return -EISDIR;
        }
        if (!node.isDirectory() && (flags & OpenFlags.O_DIRECTORY) != 0) {
            return -ENOTDIR;
        }
        if ((flags & OpenFlags.O_TRUNC) != 0 && node.device == null) {
            node.content = new byte[0];
        }
        int fd = process.lowestFree(0);
        process.install(fd, new OpenFile(node, null, flags, path));
        if ((flags & OpenFlags.O_CLOEXEC) != 0) {
            process.closeOnExec.add(fd);
        }
        return log("openat(" + path + ")", fd);
    }

    private Node node(FakeProcess process, long path, boolean follow) {
        return files.find(process.directory, string(process, path), follow);
    }

    private static long fstat(FakeProcess process, OpenFile file, long address) {
        Node node = file.pipe == null ? file.node : new Node(kernel.uapi.FileMode.S_IFIFO | 0600, 1, null);
        return status(process, node, address);
    }

    private static long status(FakeProcess process, Node node, long address) {
        if (node == null) {
            return -ENOENT;
        }
        ByteBuffer status = buffer(StatLayout.BYTES);
        status.putLong(StatLayout.INO, node.inode)
                .putLong(StatLayout.NLINK, node.isDirectory() ? 2 : 1)
                .putInt(StatLayout.MODE, node.mode)
                .putLong(StatLayout.RDEV, node.rawDevice)
                .putLong(StatLayout.SIZE, node.target == null ? node.content.length : node.target.length())
                .putLong(StatLayout.BLKSIZE, Limits.PAGE_SIZE)
                .putLong(StatLayout.BLOCKS, (node.content.length + 4095) / 4096 * 8L)
                .putLong(StatLayout.ATIME, node.modificationSeconds)
                .putLong(StatLayout.MTIME, node.modificationSeconds)
                .putLong(StatLayout.CTIME, node.modificationSeconds);
        process.memory.store(address, status);
        return 0;
    }

    private static long seek(OpenFile file, long offset, int whence) {
        if (file.pipe != null || file.node.device != null) {
            return -ESPIPE;
        }
        long base = whence == Seek.SEEK_SET ? 0 : whence == Seek.SEEK_CUR ? file.position : file.node.content.length;
        if (base + offset < 0) {
            return -EINVAL;
        }
        file.position = base + offset;
        return file.position;
    }

    private static long entries(FakeProcess process, OpenFile file, long address, long size) {
        if (!file.node.isDirectory()) {
            return -ENOTDIR;
        }
        List<String> names = new ArrayList<>(List.of(".", ".."));
        names.addAll(file.node.children.keySet());
        ByteBuffer entries = buffer((int) size);
        while (file.position < names.size()) {
            String name = names.get((int) file.position);
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int length = 19 + bytes.length + 8 & -8;
            if (entries.remaining() < length) {
                break;
            }
            Node child = file.node.children.getOrDefault(name, file.node);
            int start = entries.position();
            entries.putLong(child.inode)
                    .putLong(++file.position)
                    .putShort((short) length)
                    .put((byte) (child.mode >> 12));
            entries.put(bytes).put((byte) 0).position(start + length);
        }
        process.memory.store(address, entries.flip());
        return entries.limit();
    }

    private static long duplicate(FakeProcess process, OpenFile file, int atLeast) {
        int fd = process.lowestFree(atLeast);
        process.install(fd, file);
        return fd;
    }

    private static long fcntl(FakeProcess process, int fd, OpenFile file, int command, long argument) {
        return switch (command) {
            case OpenFlags.F_DUPFD -> duplicate(process, file, (int) argument);
            case OpenFlags.F_DUPFD_CLOEXEC -> {
                long copy = duplicate(process, file, (int) argument);
                process.closeOnExec.add((int) copy);
                yield copy;
            }
            case OpenFlags.F_SETFD -> {
                if ((argument & OpenFlags.FD_CLOEXEC) != 0) {
                    process.closeOnExec.add(fd);
                } else {
                    process.closeOnExec.remove(fd);
                }
                yield 0;
            }
            default -> -EINVAL;
        };
    }

    private static long pipe(FakeProcess process, long address, int flags) {
        PipeBuffer pipe = new PipeBuffer();
        int readEnd = (int) duplicate(process, new OpenFile(null, pipe, OpenFlags.O_RDONLY, "pipe"), 0);
        int writeEnd = (int) duplicate(process, new OpenFile(null, pipe, OpenFlags.O_WRONLY, "pipe"), 0);
        if ((flags & OpenFlags.O_CLOEXEC) != 0) {
            process.closeOnExec.add(readEnd);
            process.closeOnExec.add(writeEnd);
        }
        process.storeInt(address, readEnd);
        process.storeInt(address + Integer.BYTES, writeEnd);
        return 0;
    }

    private static long ioctl(FakeProcess process, OpenFile file, int request, long argument) {
        Device device = file.node == null ? null : file.node.device;
        if (device == null || !device.isTerminal()) {
            return -ENOTTY;
        }
        switch (request) {
            case TCGETS -> {
                return 0;
            }
            case TIOCGPGRP -> process.storeInt(argument, process.processGroup);
            case TIOCSPGRP -> device.foreground(process.loadInt(argument));
            case SET_PROMPT -> device.prompt(string(process, argument));
            default -> {
                return -ENOTTY;
            }
        }
        return 0;
    }

    private long exec(FakeProcess process, long[] a) {
        String path = string(process, a[0]);
        Node node = files.find(process.directory, path, true);
        if (node == null) {
            return log("execve(" + path + ")", files.whyNot(process.directory, path));
        }
        if (node.isDirectory() || (node.mode & 0111) == 0) {
            return log("execve(" + path + ")", -EACCES);
        }
        if (node.program == null) {
            return log("execve(" + path + ")", -ENOEXEC);
        }
        List<String> arguments = strings(process, a[1]);
        List<String> variables = strings(process, a[2]);
        process.memory = new FakeMemory();
        process.text.clear();
        List.copyOf(process.closeOnExec).forEach(process::close);
        process.signalActions.values().removeIf(action -> action != Signal.SIG_IGN);
        log("execve(" + path + ")", 0);
        throw new ProcessEnd.ByExec(node.program, initialStack(process, arguments, variables));
    }

    private long fork(FakeProcess process, long entry, long argument) {
        FakeProcess child = new FakeProcess(process, ++lastPid);
        int status = live(child, () -> child.code(entry).enter(child, argument));
        child.closeAll();
        process.endedChildren.put(child.pid, status);
        return child.pid;
    }

    private long wait4(FakeProcess process, int pid, long address) {
        Integer any = process.endedChildren.isEmpty() ? null : process.endedChildren.firstKey();
        Integer child = pid > 0 ? Integer.valueOf(pid) : any;
        Integer status = child == null ? null : process.endedChildren.remove(child);
        if (status == null) {
            return -ECHILD;
        }
        if (address != 0) {
            process.storeInt(address, status);
        }
        return child;
    }

    private long kill(FakeProcess process, int pid, int signal) {
        if (signal < 0 || signal > CORE_SIGNALS) {
            return -EINVAL;
        }
        if (pid == process.pid || pid == 0) {
            process.deliver(signal);
            return 0;
        }
        return processes.containsKey(Math.abs(pid)) ? 0 : -ESRCH;
    }

    private static long setpgid(FakeProcess process, int pid, int group) {
        if (pid == 0 || pid == process.pid) {
            process.processGroup = group == 0 ? process.pid : group;
        }
        return 0;
    }

    private long chdir(FakeProcess process, String path) {
        Node node = files.find(process.directory, path, true);
        if (node == null) {
            return files.whyNot(process.directory, path);
        }
        if (!node.isDirectory()) {
            return -ENOTDIR;
        }
        process.directory = files.path(node);
        return 0;
    }

    private static long uname(FakeProcess process, long address) {
        ByteBuffer name = buffer(6 * 65);
        String[] fields = {"U-Bend", "fake", "1.0", "#1", "jvm"};
        for (int i = 0; i < fields.length; i++) {
            name.put(65 * i, fields[i].getBytes(StandardCharsets.UTF_8));
        }
        process.memory.store(address, name);
        return 0;
    }

    private static long putString(FakeProcess process, long address, long size, String text, boolean terminated) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length + (terminated ? 1 : 0);
        if (length > size) {
            return -ERANGE;
        }
        process.memory.store(address, Arrays.copyOf(bytes, length), 0, length);
        return length;
    }

    private static String string(FakeProcess process, long address) {
        StringBuilder bytes = new StringBuilder();
        long at = address;
        for (byte b = process.loadByte(at); b != 0; b = process.loadByte(++at)) {
            bytes.append((char) (b & 0xff));
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static List<String> strings(FakeProcess process, long array) {
        List<String> strings = new ArrayList<>();
        for (long slot = array; process.loadLong(slot) != 0; slot += 8) {
            strings.add(string(process, process.loadLong(slot)));
        }
        return strings;
    }

    static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
