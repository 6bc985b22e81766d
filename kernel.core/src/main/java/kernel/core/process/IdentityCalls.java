// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.ESRCH;

import java.util.function.IntConsumer;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.SystemCallNumber;

/** Who a process is: pid, group, session, user (Linux: kernel/sys.c). */
final class IdentityCalls {
    private final ProcessTable table;

    IdentityCalls(ProcessTable table) {
        this.table = table;
    }

    void register(SystemCallTable calls) {
        calls.register(SystemCallNumber.GETPID, (p, a, b, c, d, e, f) -> p.pid());
        calls.register(SystemCallNumber.GETTID, (p, a, b, c, d, e, f) -> p.pid());
        calls.register(SystemCallNumber.GETPPID, (p, a, b, c, d, e, f) -> ProcessTable.parentPid((Proc) p));
        calls.register(SystemCallNumber.GETPGRP, (p, a, b, c, d, e, f) -> ((Proc) p).group);
        calls.register(SystemCallNumber.GETPGID, (p, pid, b, c, d, e, f) -> groupOf((Proc) p, (int) pid));
        calls.register(
                SystemCallNumber.SETPGID,
                (p, pid, group, c, d, e, f) -> table.setGroup((Proc) p, (int) pid, (int) group));
        calls.register(SystemCallNumber.SETSID, (p, a, b, c, d, e, f) -> table.newSession((Proc) p));
        calls.register(SystemCallNumber.GETUID, (p, a, b, c, d, e, f) -> p.uid());
        calls.register(SystemCallNumber.GETEUID, (p, a, b, c, d, e, f) -> p.uid());
        calls.register(SystemCallNumber.GETGID, (p, a, b, c, d, e, f) -> p.gid());
        calls.register(SystemCallNumber.GETEGID, (p, a, b, c, d, e, f) -> p.gid());
        calls.register(
                SystemCallNumber.SETUID,
                (p, uid, b, c, d, e, f) -> set(p.uid(), (int) uid, p.uid(), ((Proc) p)::setUid));
        calls.register(
                SystemCallNumber.SETGID,
                (p, gid, b, c, d, e, f) -> set(p.uid(), (int) gid, p.gid(), ((Proc) p)::setGid));
    }

    /** Only root changes who it is. */
    private static long set(int caller, int wanted, int current, IntConsumer setter) {
        if (caller != 0 && wanted != current) {
            return -EPERM;
        }
        setter.accept(wanted);
        return 0;
    }

    private long groupOf(Proc caller, int pid) {
        Proc process = pid == 0 ? caller : table.process(pid);
        return process == null ? -ESRCH : process.group;
    }
}
