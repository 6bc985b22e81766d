// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kernel.uapi.Signal;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** kill(1). */
final class Kill implements Program {
    static final String USAGE = """
            Usage: kill [-SIGNAL | -s SIGNAL] PID...
            Send a signal to processes, SIGTERM when nothing else is said. A negative PID is a process group.

              -SIGNAL, -s SIGNAL   a name or a number, such as -9, -KILL, -SIGKILL
              -l [SIGNAL]          list the signals, or translate one
            """;

    private static final int SIGNALLED = 128;
    private static final int LAST_NAMED = Signal.SIGSYS;

    @Override
    public int main(Libc libc, String[] arguments) {
        List<String> left = new ArrayList<>(Arrays.asList(arguments));
        if (!left.isEmpty() && left.getFirst().equals("-l")) {
            return list(libc, left.subList(1, left.size()));
        }
        int signal = Signal.SIGTERM;
        if (!left.isEmpty()
                && left.getFirst().startsWith("-")
                && !left.getFirst().equals("--")) {
            String option = left.removeFirst().substring(1);
            if (option.equals("s") || option.equals("n")) {
                if (left.isEmpty()) {
                    throw new UsageException("option requires an argument -- '" + option + "'");
                }
                option = left.removeFirst();
            }
            signal = number(option);
        }
        if (!left.isEmpty() && left.getFirst().equals("--")) {
            left.removeFirst();
        }
        if (left.isEmpty()) {
            throw new UsageException("not enough arguments");
        }
        int status = 0;
        for (String target : left) {
            status |= send(libc, target, signal);
        }
        return status;
    }

    private static int send(Libc libc, String target, int signal) {
        int pid;
        try {
            pid = Integer.parseInt(target);
        } catch (NumberFormatException _) {
            libc.warn(target + ": arguments must be process or job IDs");
            return 1;
        }
        try {
            libc.processes().kill(pid, signal);
            return 0;
        } catch (SystemCallException e) {
            libc.warn("(" + pid + ") - " + e.text());
            return 1;
        }
    }

    private static int list(Libc libc, List<String> signals) {
        if (signals.isEmpty()) {
            StringBuilder line = new StringBuilder();
            for (int signal = 1; signal <= LAST_NAMED; signal++) {
                line.append(line.isEmpty() ? "" : " ").append(Signal.name(signal));
            }
            libc.stdout().println(line.toString());
        }
        for (String name : signals) {
            int signal = number(name.matches("[0-9]{3}") ? Integer.toString(Integer.parseInt(name) - SIGNALLED) : name);
            libc.stdout().println(Character.isDigit(name.charAt(0)) ? Signal.name(signal) : Integer.toString(signal));
        }
        return 0;
    }

    private static int number(String name) {
        int signal = Signal.number(name);
        if (signal < 0 || name.isEmpty()) {
            throw new UsageException(name + ": invalid signal specification");
        }
        return signal;
    }
}
