// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ESPIPE;
import static kernel.uapi.Limits.MAX_RW_COUNT;

import kernel.api.file.UserBuffer;
import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.core.memory.AddressSpace;
import kernel.uapi.OpenFlags;
import kernel.uapi.Seek;
import kernel.uapi.SystemCallNumber;

/** read, write and their kin (Linux: fs/read_write.c, fs/ioctl.c). */
final class FileCalls {
    private static final int IOV_MAX = 1024;
    private static final int IOVEC_WORDS = 2;
    private static final int WHENCE_MAX = 4;

    private static final int FIONCLEX = 0x5450;
    private static final int FIOCLEX = 0x5451;
    private static final int FIONBIO = 0x5421;

    private FileCalls() {}

    static void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.READ, (p, fd, buffer, count, d, e, f) -> read((Proc) p, (int) fd, buffer, count));
        calls.register(
                SystemCallNumber.WRITE, (p, fd, buffer, count, d, e, f) -> write((Proc) p, (int) fd, buffer, count));
        calls.register(
                SystemCallNumber.PREAD64,
                (p, fd, buffer, count, position, e, f) ->
                        positioned((Proc) p, (int) fd, buffer, count, position, false));
        calls.register(
                SystemCallNumber.PWRITE64,
                (p, fd, buffer, count, position, e, f) ->
                        positioned((Proc) p, (int) fd, buffer, count, position, true));
        calls.register(
                SystemCallNumber.READV,
                (p, fd, vector, count, d, e, f) -> vectored((Proc) p, (int) fd, vector, count, false));
        calls.register(
                SystemCallNumber.WRITEV,
                (p, fd, vector, count, d, e, f) -> vectored((Proc) p, (int) fd, vector, count, true));
        calls.register(
                SystemCallNumber.LSEEK,
                (p, fd, offset, whence, d, e, f) -> seek((Proc) p, (int) fd, offset, (int) whence));
        calls.register(
                SystemCallNumber.IOCTL,
                (p, fd, command, argument, d, e, f) -> ioctl((Proc) p, (int) fd, (int) command, argument));
        calls.register(SystemCallNumber.FSYNC, (p, fd, b, c, d, e, f) -> sync((Proc) p, (int) fd, false));
        calls.register(SystemCallNumber.FDATASYNC, (p, fd, b, c, d, e, f) -> sync((Proc) p, (int) fd, true));
    }

    /** @return bytes read, 0 at the end; -EBADF, -EFAULT, and what the file gives */
    private static long read(Proc process, int fd, long address, long count) {
        FileDescription file = process.files().get(fd);
        if (file == null || !OpenFlags.mayRead(file.flags())) {
            return -EBADF;
        }
        if (!AddressSpace.isUserRange(address, count)) {
            return -EFAULT;
        }
        traceLookup(process, fd, file);
        UserBuffer buffer = process.buffer(address, Math.min(count, MAX_RW_COUNT));
        long position = file.position();
        long result = DriverGate.read(process, file, buffer, position);
        if (result > 0) {
            file.setPosition(position + result);
        }
        return result;
    }

    /** The chain from process to inode, step by step, for whoever watches. */
    private static void traceLookup(Proc process, int fd, FileDescription file) {
        if (process.execution().trace().isOn()) {
            process.traceLookup("process", process.toString());
            process.traceLookup("fd", Integer.toString(fd));
            process.traceLookup("open file", file.path());
            process.traceLookup("inode", String.valueOf(file.node()));
        }
    }

    /** @return bytes written; -EBADF, -EFAULT, and what the file gives */
    private static long write(Proc process, int fd, long address, long count) {
        FileDescription file = process.files().get(fd);
        if (file == null || !OpenFlags.mayWrite(file.flags())) {
            return -EBADF;
        }
        if (!AddressSpace.isUserRange(address, count)) {
            return -EFAULT;
        }
        traceLookup(process, fd, file);
        UserBuffer buffer = process.buffer(address, Math.min(count, MAX_RW_COUNT));
        long position = writePosition(process, file);
        long result = DriverGate.write(process, file, buffer, position);
        if (result > 0) {
            file.setPosition(position + result);
        }
        return result;
    }

    /** Where a write begins: at the end of a file that is open for appending, else at its position. */
    private static long writePosition(Proc process, FileDescription file) {
        if ((file.flags() & OpenFlags.O_APPEND) == 0) {
            return file.position();
        }
        long end = file.operations().seek(process, file, file.position(), 0, Seek.SEEK_END);
        return end < 0 ? file.position() : end;
    }

    /** @return as read and write; -EINVAL for a negative position, -ESPIPE where there is none */
    private static long positioned(Proc process, int fd, long address, long count, long position, boolean write) {
        if (position < 0) {
            return -EINVAL;
        }
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        if (DriverGate.seek(process, file, 0, Seek.SEEK_CUR) == -ESPIPE) {
            return -ESPIPE;
        }
        boolean allowed = write ? OpenFlags.mayWrite(file.flags()) : OpenFlags.mayRead(file.flags());
        if (!allowed) {
            return -EBADF;
        }
        if (!AddressSpace.isUserRange(address, count)) {
            return -EFAULT;
        }
        UserBuffer buffer = process.buffer(address, Math.min(count, MAX_RW_COUNT));
        return write
                ? DriverGate.write(process, file, buffer, position)
                : DriverGate.read(process, file, buffer, position);
    }

    /** @return as read and write, of all pieces together; -EINVAL for too many pieces or a negative length */
    private static long vectored(Proc process, int fd, long vector, long count, boolean write) {
        FileDescription file = process.files().get(fd);
        boolean allowed = file != null && (write ? OpenFlags.mayWrite(file.flags()) : OpenFlags.mayRead(file.flags()));
        if (!allowed) {
            return -EBADF;
        }
        if (count < 0 || count > IOV_MAX) {
            return -EINVAL;
        }
        UserWords pieces = new UserWords(process, vector, (int) count * IOVEC_WORDS);
        if (!pieces.read()) {
            return -EFAULT;
        }
        for (int i = 0; i < count; i++) {
            long address = pieces.get(i * IOVEC_WORDS);
            long length = pieces.get(i * IOVEC_WORDS + 1);
            if (length < 0) {
                return -EINVAL;
            }
            if (!AddressSpace.isUserRange(address, length)) {
                return -EFAULT;
            }
        }
        return moveAll(process, file, pieces, (int) count, write);
    }

    /** An error after the first piece is for the next call to find. */
    private static long moveAll(Proc process, FileDescription file, UserWords pieces, int count, boolean write) {
        long moved = 0;
        for (int i = 0; i < count; i++) {
            long length = Math.min(pieces.get(i * IOVEC_WORDS + 1), MAX_RW_COUNT - moved);
            if (length == 0) {
                continue;
            }
            UserBuffer buffer = new UserBuffer(pieces.get(i * IOVEC_WORDS), length);
            long position = write ? writePosition(process, file) : file.position();
            long result = write
                    ? DriverGate.write(process, file, buffer, position)
                    : DriverGate.read(process, file, buffer, position);
            if (result < 0) {
                return moved > 0 ? moved : result;
            }
            file.setPosition(position + result);
            moved += result;
            if (result < length) {
                break;
            }
        }
        return moved;
    }

    /** @return the new position; -EBADF, -EINVAL, and what the file gives, -ESPIPE where there is no position */
    private static long seek(Proc process, int fd, long offset, int whence) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        if (whence < 0 || whence > WHENCE_MAX) {
            return -EINVAL;
        }
        long result = DriverGate.seek(process, file, offset, whence);
        if (result >= 0) {
            file.setPosition(result);
        }
        return result;
    }

    /** @return 0; -EBADF, and what the file gives */
    private static long sync(Proc process, int fd, boolean dataOnly) {
        FileDescription file = process.files().get(fd);
        return file == null ? -EBADF : DriverGate.sync(process, file, dataOnly);
    }

    /** @return what the file gives, -ENOTTY for a command that it does not know; -EBADF, -EFAULT */
    private static long ioctl(Proc process, int fd, int command, long argument) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        return switch (command) {
            case FIOCLEX, FIONCLEX -> {
                process.files().setCloseOnExec(fd, command == FIOCLEX);
                yield 0;
            }
            case FIONBIO -> setNonBlocking(process, file, argument);
            default -> DriverGate.ioctl(process, file, command, argument);
        };
    }

    private static long setNonBlocking(Proc process, FileDescription file, long address) {
        byte[] value = new byte[Integer.BYTES];
        if (process.copyFromUser(value, 0, new UserBuffer(address, value.length), 0, value.length) != 0) {
            return -EFAULT;
        }
        int others = file.flags() & ~OpenFlags.O_NONBLOCK;
        file.setFlags(LittleEndian.getInt(value, 0) != 0 ? others | OpenFlags.O_NONBLOCK : others);
        return 0;
    }
}
