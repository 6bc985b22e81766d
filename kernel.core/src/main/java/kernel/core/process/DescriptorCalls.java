// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EBADF;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.OpenFlags.F_DUPFD;
import static kernel.uapi.OpenFlags.F_DUPFD_CLOEXEC;
import static kernel.uapi.OpenFlags.F_GETFD;
import static kernel.uapi.OpenFlags.F_GETFL;
import static kernel.uapi.OpenFlags.F_SETFD;
import static kernel.uapi.OpenFlags.F_SETFL;
import static kernel.uapi.OpenFlags.O_APPEND;
import static kernel.uapi.OpenFlags.O_CLOEXEC;
import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_LARGEFILE;
import static kernel.uapi.OpenFlags.O_NOATIME;
import static kernel.uapi.OpenFlags.O_NONBLOCK;

import kernel.core.fs.FileDescription;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;

/** close, dup, fcntl (Linux: fs/file.c, fs/fcntl.c). */
final class DescriptorCalls {
    private static final int CHANGEABLE = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

    private DescriptorCalls() {}

    static void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.CLOSE, (p, fd, b, c, d, e, f) -> p.files().close(p, (int) fd));
        calls.register(SystemCallNumber.DUP, (p, fd, b, c, d, e, f) -> duplicate((Proc) p, (int) fd, 0, false));
        calls.register(SystemCallNumber.DUP2, (p, from, to, c, d, e, f) -> duplicateTo((Proc) p, (int) from, (int) to));
        calls.register(
                SystemCallNumber.DUP3,
                (p, from, to, flags, d, e, f) -> duplicateTo3((Proc) p, (int) from, (int) to, (int) flags));
        calls.register(
                SystemCallNumber.FCNTL,
                (p, fd, command, argument, d, e, f) -> control((Proc) p, (int) fd, (int) command, argument));
    }

    /** @return the new descriptor at or above the minimum; -EBADF, -EINVAL, -EMFILE */
    private static long duplicate(Proc process, int fd, int minimum, boolean cloexec) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        int copy = process.files().installFrom(minimum, file.get(), cloexec);
        if (copy < 0) {
            file.put(process);
        }
        return copy;
    }

    private static long duplicateTo(Proc process, int from, int to) {
        if (from == to) {
            return process.files().get(from) == null ? -EBADF : to;
        }
        return replace(process, from, to, false);
    }

    private static long duplicateTo3(Proc process, int from, int to, int flags) {
        if ((flags & ~O_CLOEXEC) != 0 || from == to) {
            return -EINVAL;
        }
        return replace(process, from, to, flags != 0);
    }

    private static long replace(Proc process, int from, int to, boolean cloexec) {
        FileDescription file = process.files().get(from);
        if (file == null) {
            return -EBADF;
        }
        int result = process.files().replace(process, to, file.get(), cloexec);
        if (result < 0) {
            file.put(process);
        }
        return result;
    }

    /** @return by command; -EBADF, -EINVAL for a command that is not known, -EMFILE */
    private static long control(Proc process, int fd, int command, long argument) {
        FileDescription file = process.files().get(fd);
        if (file == null) {
            return -EBADF;
        }
        return switch (command) {
            case F_DUPFD -> duplicate(process, fd, (int) argument, false);
            case F_DUPFD_CLOEXEC -> duplicate(process, fd, (int) argument, true);
            case F_GETFD -> process.files().isCloseOnExec(fd) ? OpenFlags.FD_CLOEXEC : 0;
            case F_SETFD -> {
                process.files().setCloseOnExec(fd, (argument & OpenFlags.FD_CLOEXEC) != 0);
                yield 0;
            }
            case F_GETFL -> file.flags() | O_LARGEFILE;
            case F_SETFL -> {
                file.setFlags((file.flags() & ~CHANGEABLE) | ((int) argument & CHANGEABLE));
                yield 0;
            }
            default -> -EINVAL;
        };
    }
}
