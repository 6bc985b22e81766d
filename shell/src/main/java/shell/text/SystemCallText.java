// SPDX-License-Identifier: Apache-2.0
package shell.text;

import java.util.Locale;
import java.util.Set;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Errno;
import kernel.uapi.SystemCallNumber;

/** A system call as strace writes it. */
public final class SystemCallText {
    private static final int RESULT_COLUMN = 40;
    /** Calls whose result is an address. */
    private static final Set<Integer> ADDRESSES = Set.of(SystemCallNumber.BRK, SystemCallNumber.MMAP);

    private SystemCallText() {}

    /** The name, also of a call that has none. */
    public static String name(long number) {
        String name = SystemCallNumber.name((int) number);
        return name == null ? String.format(Locale.ROOT, "syscall_0x%x", number) : name;
    }

    /** The call with its arguments; what it wrote is shown if it has returned. */
    public static String call(TraceRecord enter, TraceRecord exit) {
        String arguments = exit == null || exit.text().isEmpty() ? enter.text() : exit.text();
        return name(enter.a()) + "(" + arguments + ")";
    }

    /** What it answered: {@code 7}, {@code -1 EAGAIN (Resource temporarily unavailable)}, {@code ?} when it never returned. */
    public static String result(TraceRecord exit) {
        if (exit == null) {
            return "?";
        }
        long value = exit.b();
        if (!Errno.isError(value)) {
            return ADDRESSES.contains((int) exit.a()) ? "0x" + Long.toHexString(value) : Long.toString(value);
        }
        int errno = (int) -value;
        return errno == Errno.ERESTARTSYS
                ? "? " + Errno.name(errno) + " (To be restarted if SA_RESTART is set)"
                : "-1 " + Errno.name(errno) + " (" + Errno.text(errno) + ")";
    }

    /** A whole line, the result in its column, without a line feed. */
    public static String line(TraceRecord enter, TraceRecord exit, boolean withTime) {
        StringBuilder line = new StringBuilder(call(enter, exit));
        while (line.length() < RESULT_COLUMN - 1) {
            line.append(' ');
        }
        line.append(" = ").append(result(exit));
        if (withTime && exit != null) {
            line.append(String.format(Locale.ROOT, " <%.6f>", (exit.nanos() - enter.nanos()) / 1e9));
        }
        return line.toString();
    }
}
