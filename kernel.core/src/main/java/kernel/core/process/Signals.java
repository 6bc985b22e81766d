// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Signal.NSIG;
import static kernel.uapi.Signal.SIGCHLD;
import static kernel.uapi.Signal.SIGCONT;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSTOP;
import static kernel.uapi.Signal.SIGTSTP;
import static kernel.uapi.Signal.SIGTTIN;
import static kernel.uapi.Signal.SIGTTOU;
import static kernel.uapi.Signal.SIGURG;
import static kernel.uapi.Signal.SIGWINCH;
import static kernel.uapi.Signal.SIG_DFL;
import static kernel.uapi.Signal.SIG_IGN;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The signals of one process: which wait, which are blocked, what happens when one is taken (Linux: kernel/signal.c). Sent from anywhere; all
 * else is done by the process itself.
 *
 * <p>There is no job control: the signals that would stop a process are ignored by default.
 */
final class Signals {
    private static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);
    private static final long IGNORED_BY_DEFAULT = bit(SIGCHLD)
            | bit(SIGCONT)
            | bit(SIGURG)
            | bit(SIGWINCH)
            | bit(SIGSTOP)
            | bit(SIGTSTP)
            | bit(SIGTTIN)
            | bit(SIGTTOU);

    private final AtomicLong pending = new AtomicLong();
    private volatile long blocked;
    /** By number; null as long as all are at their default. Replaced, never changed. */
    private volatile SignalAction[] actions;

    static long bit(int signal) {
        return 1L << (signal - 1);
    }

    static boolean isSignal(long number) {
        return number >= 1 && number < NSIG;
    }

    /** For a forked child: the same dispositions and mask, nothing pending. */
    Signals fork() {
        Signals child = new Signals();
        child.blocked = blocked;
        child.actions = actions;
        return child;
    }

    /** Handlers are gone with the program that they belonged to; ignored signals stay ignored. */
    void resetForExec() {
        SignalAction[] old = actions;
        if (old == null) {
            return;
        }
        SignalAction[] next = new SignalAction[NSIG];
        for (int signal = 1; signal < NSIG; signal++) {
            if (old[signal] != null && old[signal].handler() == SIG_IGN) {
                next[signal] = old[signal];
            }
        }
        actions = next;
    }

    SignalAction action(int signal) {
        SignalAction[] current = actions;
        SignalAction action = current == null ? null : current[signal];
        return action == null ? SignalAction.DEFAULT : action;
    }

    void setAction(int signal, SignalAction action) {
        SignalAction[] old = actions;
        SignalAction[] next = old == null ? new SignalAction[NSIG] : old.clone();
        next[signal] = action;
        actions = next;
        if (isIgnored(signal)) {
            pending.getAndUpdate(set -> set & ~bit(signal));
        }
    }

    /** Whether nothing happens when the signal is taken. */
    boolean isIgnored(int signal) {
        long handler = action(signal).handler();
        return handler == SIG_IGN || (handler == SIG_DFL && (IGNORED_BY_DEFAULT & bit(signal)) != 0);
    }

    long blocked() {
        return blocked;
    }

    void setBlocked(long mask) {
        blocked = mask & ~UNBLOCKABLE;
    }

    boolean isBlocked(int signal) {
        return (blocked & bit(signal)) != 0;
    }

    long pending() {
        return pending.get();
    }

    /** The ignored ones, and those with a handler, one bit each; for /proc. */
    long ignoredMask() {
        return mask(SIG_IGN);
    }

    long caughtMask() {
        SignalAction[] current = actions;
        long mask = 0;
        for (int signal = 1; current != null && signal < NSIG; signal++) {
            mask |= current[signal] != null && current[signal].isHandler() ? bit(signal) : 0;
        }
        return mask;
    }

    private long mask(long handler) {
        SignalAction[] current = actions;
        long mask = 0;
        for (int signal = 1; current != null && signal < NSIG; signal++) {
            mask |= current[signal] != null && current[signal].handler() == handler ? bit(signal) : 0;
        }
        return mask;
    }

    /**
     * Notes a signal; callable from anywhere.
     *
     * @return whether the process has to be told now: the signal is neither ignored nor blocked
     */
    boolean add(int signal) {
        boolean held = isBlocked(signal);
        if (!held && isIgnored(signal)) {
            return false;
        }
        pending.getAndUpdate(set -> set | bit(signal));
        return !isBlocked(signal);
    }

    /** Whether a signal waits that is not blocked. */
    boolean isDeliverable() {
        return (pending.get() & ~blocked) != 0;
    }

    /** Takes the next signal that is not blocked, SIGKILL first, then by number; 0 when there is none. */
    int take() {
        for (; ; ) {
            long set = pending.get();
            long ready = set & ~blocked;
            if (ready == 0) {
                return 0;
            }
            int signal = (ready & bit(SIGKILL)) != 0 ? SIGKILL : Long.numberOfTrailingZeros(ready) + 1;
            if (pending.compareAndSet(set, set & ~bit(signal))) {
                return signal;
            }
        }
    }
}
