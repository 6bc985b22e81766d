// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.ESRCH;

import kernel.core.block.IoPriority;
import kernel.core.execution.Task;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.SystemCallNumber;

/** ioprio_set and ioprio_get, of single processes (Linux: block/ioprio.c). */
final class IoPriorityCalls {
    private static final int WHO_PROCESS = 1;

    private IoPriorityCalls() {}

    static void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.IOPRIO_SET,
                (p, which, who, priority, d, e, f) -> set((Proc) p, (int) which, (int) who, (int) priority));
        calls.register(
                SystemCallNumber.IOPRIO_GET, (p, which, who, c, d, e, f) -> get((Proc) p, (int) which, (int) who));
    }

    private static Task find(Proc process, int who) {
        return who == 0 ? process : process.execution().task(who);
    }

    /** @return 0; -EINVAL, -ESRCH, -EPERM for another's process, and for real time without being root */
    private static long set(Proc process, int which, int who, int priority) {
        if (which != WHO_PROCESS || !IoPriority.isValid(priority)) {
            return -EINVAL;
        }
        Task task = find(process, who);
        if (task == null) {
            return -ESRCH;
        }
        boolean foreign = !(task instanceof Proc other) || other.uid() != process.uid();
        boolean realTime = priority >>> IoPriority.CLASS_SHIFT == IoPriority.CLASS_REAL_TIME;
        if (process.uid() != 0 && (foreign || realTime)) {
            return -EPERM;
        }
        task.setIoPriority(priority);
        return 0;
    }

    /** @return the priority; -EINVAL, -ESRCH */
    private static long get(Proc process, int which, int who) {
        if (which != WHO_PROCESS) {
            return -EINVAL;
        }
        Task task = find(process, who);
        return task == null ? -ESRCH : task.ioPriority();
    }
}
