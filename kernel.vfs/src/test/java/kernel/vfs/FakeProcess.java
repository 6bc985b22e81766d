// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.EBADF;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import kernel.api.file.FileOperations;
import kernel.api.file.UserBuffer;
import kernel.core.fs.FileDescription;
import kernel.core.fs.FileTable;
import kernel.core.fs.NameSpace;
import kernel.core.fs.SystemCall;
import kernel.core.fs.UserProcess;
import kernel.uapi.OpenFlags;
import kernel.uapi.Seek;
import kernel.uapi.StatLayout;
import kernel.uapi.SystemCallNumber;

/** A process with a megabyte of memory, the calls of a small C library, and of read and write what the kernel does. */
final class FakeProcess implements UserProcess {
    /** An address where nothing is mapped. */
    static final long BAD_ADDRESS = 0x40;

    static final long MEMORY = 0x10_0000;
    private static final int MEMORY_BYTES = 1 << 20;
    /** Where strings of calls go. */
    private static final long STRINGS = MEMORY;
    /** Where results come. */
    static final long BUFFER = MEMORY + 0x4_0000;

    static final long MEMORY_END = MEMORY + MEMORY_BYTES;

    final FakeHost host;
    final List<String> lookups = new ArrayList<>();
    private final byte[] memory = new byte[MEMORY_BYTES];
    private final int pid;
    private int uid;
    private int gid;
    private final FileTable files;
    private final NameSpace.State place;
    private long stringEnd = STRINGS;

    FakeProcess(FakeHost host, int pid, int uid, int gid, NameSpace.State place) {
        this(host, pid, uid, gid, place, new FileTable());
    }

    private FakeProcess(FakeHost host, int pid, int uid, int gid, NameSpace.State place, FileTable files) {
        this.host = host;
        this.pid = pid;
        this.uid = uid;
        this.gid = gid;
        this.place = place;
        this.files = files;
    }

    FakeProcess fork(int childPid) {
        return new FakeProcess(host, childPid, uid, gid, place.fork(), files.fork());
    }

    /** Becomes another user, with the group of the same number. */
    void become(int user) {
        uid = user;
        gid = user;
    }

    // The calls.

    /** A system call; strings are put into user memory, with a zero behind. */
    long call(int number, Object... arguments) {
        stringEnd = STRINGS;
        long[] a = new long[6];
        for (int i = 0; i < arguments.length; i++) {
            a[i] = arguments[i] instanceof String text ? put(text) : ((Number) arguments[i]).longValue();
        }
        SystemCall call = host.systemCalls.get(number);
        return call.call(this, a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    long open(String path, int flags) {
        return open(path, flags, 0666);
    }

    long open(String path, int flags, int mode) {
        return call(SystemCallNumber.OPEN, path, flags, mode);
    }

    long mkdir(String path) {
        return call(SystemCallNumber.MKDIR, path, 0777);
    }

    long symlink(String target, String path) {
        return call(SystemCallNumber.SYMLINK, target, path);
    }

    long rename(String from, String to) {
        return call(SystemCallNumber.RENAME, from, to);
    }

    long close(long fd) {
        return files.close(this, (int) fd);
    }

    /** read(2) as the kernel does it, into {@link #BUFFER}. */
    long read(long fd, long length) {
        return read(fd, BUFFER, length);
    }

    long read(long fd, long address, long length) {
        FileDescription file = files.get((int) fd);
        if (file == null || !OpenFlags.mayRead(file.flags())) {
            return -EBADF;
        }
        long count = file.operations().read(this, file, new UserBuffer(address, length), file.position());
        file.setPosition(file.position() + Math.max(0, count));
        return count;
    }

    long write(long fd, String text) {
        return write(fd, text.getBytes(UTF_8));
    }

    long write(long fd, byte[] bytes) {
        System.arraycopy(bytes, 0, memory, (int) (BUFFER - MEMORY), bytes.length);
        return write(fd, BUFFER, bytes.length);
    }

    long write(long fd, long address, long length) {
        FileDescription file = files.get((int) fd);
        if (file == null || !OpenFlags.mayWrite(file.flags())) {
            return -EBADF;
        }
        FileOperations operations = file.operations();
        boolean appends = (file.flags() & OpenFlags.O_APPEND) != 0;
        long end = appends ? operations.seek(this, file, file.position(), 0, Seek.SEEK_END) : -1;
        long start = end < 0 ? file.position() : end;
        long count = operations.write(this, file, new UserBuffer(address, length), start);
        if (count > 0) {
            file.setPosition(start + count);
        }
        return count;
    }

    long seek(long fd, long offset, int whence) {
        FileDescription file = files.get((int) fd);
        long position = file.operations().seek(this, file, file.position(), offset, whence);
        if (position >= 0) {
            file.setPosition(position);
        }
        return position;
    }

    /** The next bytes of an open file, as text; null at the end. */
    String readText(long fd, int length) {
        long count = read(fd, length);
        if (count < 0) {
            throw new AssertionError("read answers " + count);
        }
        return count == 0 ? null : new String(memory(BUFFER, (int) count), UTF_8);
    }

    /** The content of a file. */
    String content(String path) {
        long fd = open(path, OpenFlags.O_RDONLY);
        if (fd < 0) {
            throw new AssertionError("open answers " + fd);
        }
        StringBuilder content = new StringBuilder();
        for (String part = readText(fd, 4096); part != null; part = readText(fd, 4096)) {
            content.append(part);
        }
        close(fd);
        return content.toString();
    }

    /** Makes a file of that content. */
    void make(String path, String content) {
        long fd = open(path, OpenFlags.O_CREAT | OpenFlags.O_WRONLY | OpenFlags.O_TRUNC);
        long count = content.isEmpty() ? 0 : write(fd, content);
        if (count != content.getBytes(UTF_8).length || close(fd) != 0) {
            throw new AssertionError("cannot make " + path + ": " + fd + ", " + count);
        }
    }

    /** What stat(2) says. */
    record Stat(
            long device,
            long inode,
            long links,
            int mode,
            int uid,
            int gid,
            long number,
            long size,
            long blocks,
            long accessed,
            long modified,
            long changed) {}

    Stat stat(String path) {
        return stat(call(SystemCallNumber.STAT, path, BUFFER));
    }

    Stat lstat(String path) {
        return stat(call(SystemCallNumber.LSTAT, path, BUFFER));
    }

    Stat fstat(long fd) {
        return stat(call(SystemCallNumber.FSTAT, fd, BUFFER));
    }

    private Stat stat(long result) {
        if (result != 0) {
            return null;
        }
        ByteBuffer stat = buffer(BUFFER, StatLayout.BYTES);
        return new Stat(
                stat.getLong(StatLayout.DEV),
                stat.getLong(StatLayout.INO),
                stat.getLong(StatLayout.NLINK),
                stat.getInt(StatLayout.MODE),
                stat.getInt(StatLayout.UID),
                stat.getInt(StatLayout.GID),
                stat.getLong(StatLayout.RDEV),
                stat.getLong(StatLayout.SIZE),
                stat.getLong(StatLayout.BLOCKS),
                time(stat, StatLayout.ATIME),
                time(stat, StatLayout.MTIME),
                time(stat, StatLayout.CTIME));
    }

    private static long time(ByteBuffer stat, int offset) {
        return stat.getLong(offset) * 1_000_000_000L + stat.getLong(offset + 8);
    }

    /** An entry of getdents64. */
    record Entry(String name, long inode, int type, long next) {}

    /** One call of getdents64. */
    List<Entry> entries(long fd, int size) {
        long count = call(SystemCallNumber.GETDENTS64, fd, BUFFER, size);
        if (count < 0) {
            throw new AssertionError("getdents64 answers " + count);
        }
        List<Entry> entries = new ArrayList<>();
        ByteBuffer records = buffer(BUFFER, (int) count);
        for (int at = 0; at < count; at += records.getShort(at + 16)) {
            int end = at + 19;
            while (records.get(end) != 0) {
                end++;
            }
            String name = new String(memory(BUFFER + at + 19, end - at - 19), UTF_8);
            entries.add(new Entry(name, records.getLong(at), records.get(at + 18), records.getLong(at + 8)));
        }
        return entries;
    }

    /** All names of a directory in the order of the listing, without the two that each has. */
    List<String> list(String path) {
        long fd = open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (fd < 0) {
            throw new AssertionError("open answers " + fd);
        }
        List<String> names = new ArrayList<>();
        for (List<Entry> some = entries(fd, 1024); !some.isEmpty(); some = entries(fd, 1024)) {
            some.forEach(entry -> names.add(entry.name()));
        }
        close(fd);
        names.removeAll(List.of(".", ".."));
        return names;
    }

    String readLink(String path) {
        long count = call(SystemCallNumber.READLINK, path, BUFFER, 4096);
        return count < 0 ? null : new String(memory(BUFFER, (int) count), UTF_8);
    }

    String workingDirectory() {
        long count = call(SystemCallNumber.GETCWD, BUFFER, 4096);
        return count < 0 ? null : new String(memory(BUFFER, (int) count - 1), UTF_8);
    }

    /** The descriptors that pipe2 made. */
    int[] pipe(int flags) {
        long result = call(SystemCallNumber.PIPE2, BUFFER, flags);
        if (result != 0) {
            throw new AssertionError("pipe2 answers " + result);
        }
        ByteBuffer pair = buffer(BUFFER, 8);
        return new int[] {pair.getInt(0), pair.getInt(4)};
    }

    int openFiles() {
        int count = 0;
        for (int fd = 0; fd < files.limit(); fd++) {
            count += files.get(fd) == null ? 0 : 1;
        }
        return count;
    }

    byte[] memory(long address, int length) {
        byte[] bytes = new byte[length];
        System.arraycopy(memory, (int) (address - MEMORY), bytes, 0, length);
        return bytes;
    }

    private ByteBuffer buffer(long address, int length) {
        return ByteBuffer.wrap(memory(address, length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private long put(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        long address = stringEnd;
        System.arraycopy(bytes, 0, memory, (int) (address - MEMORY), bytes.length);
        memory[(int) (address - MEMORY) + bytes.length] = 0;
        stringEnd += bytes.length + 1;
        return address;
    }

    // The kernel's side.

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public FileTable files() {
        return files;
    }

    @Override
    public NameSpace.State nameSpaceState() {
        return place;
    }

    @Override
    public int uid() {
        return uid;
    }

    @Override
    public int gid() {
        return gid;
    }

    @Override
    public String readUserString(long address, int maxBytes) {
        host.lockRules.check();
        for (int length = 0; length < maxBytes; length++) {
            if (!isMapped(address + length)) {
                return null;
            }
            if (memory[(int) (address + length - MEMORY)] == 0) {
                return new String(memory, (int) (address - MEMORY), length, UTF_8);
            }
        }
        return new String(memory, (int) (address - MEMORY), maxBytes, UTF_8);
    }

    private static boolean isMapped(long address) {
        return address >= MEMORY && address < MEMORY_END;
    }

    private static int mappedLength(long address, int length) {
        return isMapped(address) ? (int) Math.min(length, MEMORY_END - address) : 0;
    }

    @Override
    public void traceLookup(String step, String name) {
        host.lockRules.check();
        lookups.add(step + " " + name);
    }

    @Override
    public long copyToUser(UserBuffer to, long toOffset, byte[] from, int fromOffset, int length) {
        host.lockRules.check();
        int mapped = mappedLength(to.address() + toOffset, length);
        System.arraycopy(from, fromOffset, memory, mapped == 0 ? 0 : (int) (to.address() + toOffset - MEMORY), mapped);
        return (long) length - mapped;
    }

    @Override
    public long copyFromUser(byte[] to, int toOffset, UserBuffer from, long fromOffset, int length) {
        host.lockRules.check();
        int mapped = mappedLength(from.address() + fromOffset, length);
        System.arraycopy(memory, mapped == 0 ? 0 : (int) (from.address() + fromOffset - MEMORY), to, toOffset, mapped);
        return (long) length - mapped;
    }

    @Override
    public long clearUser(UserBuffer to, long toOffset, long length) {
        byte[] zeroes = new byte[(int) length];
        return copyToUser(to, toOffset, zeroes, 0, zeroes.length);
    }

    @Override
    public boolean signalPending() {
        return host.signalPending;
    }

    @Override
    public void sleep(long nanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int sleepInterruptible(long nanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void yieldProcessor() {
        host.lockRules.check();
    }

    @Override
    public int processor() {
        return 0;
    }

    @Override
    public int currentPid() {
        return pid;
    }

    @Override
    public String currentName() {
        return "test";
    }

    @Override
    public long nanoTime() {
        return host.wallClockNanos();
    }
}
