// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/** Signal numbers with Linux's values (include/uapi/asm-generic/signal.h). */
public final class Signal {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGABRT = 6;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGALRM = 14;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGWINCH = 28;
    public static final int SIGSYS = 31;
    /** One more than the highest signal number. */
    public static final int NSIG = 65;

    /** In place of a handler: the default action. */
    public static final long SIG_DFL = 0;
    /** In place of a handler: ignore the signal. */
    public static final long SIG_IGN = 1;

    public static final int SA_RESTART = 0x1000_0000;

    private static final String[] NAMES = {
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private Signal() {}

    /** The name without SIG, such as {@code INT}; the number itself for the real-time ones. */
    public static String name(int signal) {
        return signal > 0 && signal < NAMES.length ? NAMES[signal] : Integer.toString(signal);
    }

    /** The number of a name with or without SIG, in either case, or of a decimal number; -1 when there is none. */
    public static int number(String name) {
        String bare = name.regionMatches(true, 0, "SIG", 0, 3) ? name.substring(3) : name;
        for (int signal = 0; signal < NAMES.length; signal++) {
            if (NAMES[signal].equalsIgnoreCase(bare)) {
                return signal;
            }
        }
        if (!bare.isEmpty() && bare.length() < 4 && bare.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int signal = Integer.parseInt(bare);
            return signal < NSIG ? signal : -1;
        }
        return -1;
    }
}
