// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENAMETOOLONG;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ESRCH;

import kernel.api.file.UserBuffer;
import kernel.core.fs.NameSpace.ExecutableLookup;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.Limits;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor.Entry;

/** fork, exec, exit, wait (Linux: kernel/fork.c, fs/exec.c, kernel/exit.c). */
final class ProcessCalls {
    private static final int WNOHANG = 1;
    /** WNOHANG, WUNTRACED, WCONTINUED, __WNOTHREAD, __WCLONE, __WALL. */
    private static final int WAIT_OPTIONS = 0xe000_000b;

    private static final int STATUS_SHIFT = 8;
    private static final int STATUS_MASK = 0xff;
    private static final int RUSAGE_BYTES = 144;

    private final ProcessTable table;

    ProcessCalls(ProcessTable table) {
        this.table = table;
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.FORK, (p, entry, argument, c, d, e, f) -> fork((Proc) p, entry, argument));
        calls.register(SystemCallNumber.VFORK, (p, entry, argument, c, d, e, f) -> fork((Proc) p, entry, argument));
        calls.register(SystemCallNumber.EXECVE, (p, path, argv, env, d, e, f) -> execute((Proc) p, path, argv, env));
        calls.register(SystemCallNumber.EXIT, (p, status, b, c, d, e, f) -> exit((Proc) p, (int) status));
        calls.register(SystemCallNumber.EXIT_GROUP, (p, status, b, c, d, e, f) -> exit((Proc) p, (int) status));
        calls.register(
                SystemCallNumber.WAIT4,
                (p, pid, status, options, usage, e, f) -> wait4((Proc) p, (int) pid, status, (int) options, usage));
    }

    /** @return the child's pid; -EINVAL when there is no code at that address */
    private long fork(Proc process, long entry, long argument) {
        ProgramProcessor processor = process.processorOfImage();
        Entry code = processor.text().at(entry);
        return code == null ? -EINVAL : table.fork(process, processor, code, argument);
    }

    /** Does not return when it succeeds; -EFAULT, -ENOENT, -ENAMETOOLONG, -E2BIG, -ENOMEM, and what the name space gives. */
    private long execute(Proc process, long pathAddress, long argv, long env) {
        String path = process.readUserString(pathAddress, Limits.PATH_MAX);
        if (path == null) {
            return -EFAULT;
        }
        if (path.length() >= Limits.PATH_MAX) {
            return -ENAMETOOLONG;
        }
        if (path.isEmpty() || table.nameSpace() == null) {
            return -ENOENT;
        }
        ExecutableLookup found = table.nameSpace().executable(process, path);
        if (found.program() == null) {
            return -Math.abs(found.errno());
        }
        ExecArguments arguments = new ExecArguments();
        int error = arguments.add(process, argv, env);
        error = error == 0 ? Exec.prepare(process, path, found.program(), arguments) : error;
        if (error != 0) {
            return error;
        }
        throw new Unwind(Unwind.Why.EXEC);
    }

    private static long exit(Proc process, int status) {
        process.setWaitStatus((status & STATUS_MASK) << STATUS_SHIFT);
        throw new Unwind(Unwind.Why.EXIT);
    }

    /** @return the child's pid, 0 when none has ended and WNOHANG is set; -ECHILD, -EINVAL, -EFAULT, -EINTR */
    private long wait4(Proc process, int pid, long statusAddress, int options, long usageAddress) {
        if ((options & ~WAIT_OPTIONS) != 0) {
            return -EINVAL;
        }
        if (pid == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        long[] error = new long[1];
        Proc child = table.waitForChild(process, pid, (options & WNOHANG) == 0, error);
        if (child == null) {
            return error[0];
        }
        if (statusAddress != 0) {
            byte[] status = new byte[Integer.BYTES];
            LittleEndian.putInt(status, 0, child.waitStatus());
            if (process.copyToUser(new UserBuffer(statusAddress, status.length), 0, status, 0, status.length) != 0) {
                return -EFAULT;
            }
        }
        if (usageAddress != 0 && process.clearUser(new UserBuffer(usageAddress, RUSAGE_BYTES), 0, RUSAGE_BYTES) != 0) {
            return -EFAULT;
        }
        return child.pid();
    }
}
