// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ERESTARTSYS;
import static kernel.uapi.Errno.ESRCH;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSTOP;

import kernel.core.execution.Gone;
import kernel.core.execution.WaitQueueHead;
import kernel.core.fs.SystemCallTable;
import kernel.uapi.SystemCallNumber;

/** kill, sigaction, sigprocmask, pause, alarm (Linux: kernel/signal.c). */
final class SignalCalls {
    private static final int SET_BYTES = 8;
    /** struct sigaction of the kernel: handler, flags, restorer, mask. */
    private static final int ACTION_WORDS = 4;

    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ProcessTable table;

    SignalCalls(ProcessTable table) {
        this.table = table;
    }

    void register(SystemCallTable calls) {
        calls.register(
                SystemCallNumber.KILL, (p, pid, signal, c, d, e, f) -> table.kill((Proc) p, (int) pid, (int) signal));
        calls.register(
                SystemCallNumber.TGKILL,
                (p, group, pid, signal, d, e, f) -> threadKill((Proc) p, (int) group, (int) pid, (int) signal));
        calls.register(
                SystemCallNumber.RT_SIGACTION,
                (p, signal, action, old, bytes, e, f) -> action((Proc) p, (int) signal, action, old, bytes));
        calls.register(
                SystemCallNumber.RT_SIGPROCMASK,
                (p, how, set, old, bytes, e, f) -> mask((Proc) p, (int) how, set, old, bytes));
        calls.register(SystemCallNumber.PAUSE, (p, a, b, c, d, e, f) -> pause((Proc) p));
        calls.register(SystemCallNumber.ALARM, (p, seconds, b, c, d, e, f) -> alarm((Proc) p, (int) seconds));
    }

    private long threadKill(Proc process, int group, int pid, int signal) {
        if (group <= 0 || pid <= 0) {
            return -EINVAL;
        }
        return group == pid ? table.kill(process, pid, signal) : -ESRCH;
    }

    /** @return 0; -EINVAL for no signal, for SIGKILL and SIGSTOP, and for a wrong size of the set; -EFAULT */
    private static long action(Proc process, int signal, long actionAddress, long oldAddress, long setBytes) {
        if (setBytes != SET_BYTES) {
            return -EINVAL;
        }
        UserWords wanted = new UserWords(process, actionAddress, ACTION_WORDS);
        if (actionAddress != 0 && !wanted.read()) {
            return -EFAULT;
        }
        boolean fixed = signal == SIGKILL || signal == SIGSTOP;
        if (!Signals.isSignal(signal) || (actionAddress != 0 && fixed)) {
            return -EINVAL;
        }
        SignalAction old = process.signals().action(signal);
        if (actionAddress != 0) {
            process.signals().setAction(signal, new SignalAction(wanted.get(0), wanted.get(1), wanted.get(3)));
            process.recalculateSignals();
        }
        if (oldAddress != 0) {
            boolean written = new UserWords(process, oldAddress, ACTION_WORDS)
                    .set(0, old.handler())
                    .set(1, old.flags())
                    .set(3, old.mask())
                    .write();
            return written ? 0 : -EFAULT;
        }
        return 0;
    }

    private static long mask(Proc process, int how, long setAddress, long oldAddress, long setBytes) {
        if (setBytes != SET_BYTES) {
            return -EINVAL;
        }
        long old = process.signals().blocked();
        if (setAddress != 0) {
            UserWords set = new UserWords(process, setAddress, 1);
            if (!set.read()) {
                return -EFAULT;
            }
            long bits = set.get(0);
            switch (how) {
                case SIG_BLOCK -> process.signals().setBlocked(old | bits);
                case SIG_UNBLOCK -> process.signals().setBlocked(old & ~bits);
                case SIG_SETMASK -> process.signals().setBlocked(bits);
                default -> {
                    return -EINVAL;
                }
            }
            process.recalculateSignals();
        }
        return oldAddress == 0
                        || new UserWords(process, oldAddress, 1).set(0, old).write()
                ? 0
                : -EFAULT;
    }

    /** Sleeps until a handler has run: -EINTR. */
    private static long pause(Proc process) {
        WaitQueueHead nobodyWakes = process.execution().newWaitQueue("pause", Gone.NEVER);
        int result = nobodyWakes.waitEventInterruptible(process, () -> false);
        return result == -ERESTARTSYS ? -ProgramProcessor.ERESTARTNOHAND : result;
    }

    /** @return the seconds that were left of the alarm before, rounded up; 0 when there was none */
    private static long alarm(Proc process, int seconds) {
        long due = process.setAlarm(Integer.toUnsignedLong(seconds) * NANOS_PER_SECOND);
        long left = due - process.execution().now();
        return due == 0 || left <= 0 ? 0 : Math.ceilDiv(left, NANOS_PER_SECOND);
    }
}
