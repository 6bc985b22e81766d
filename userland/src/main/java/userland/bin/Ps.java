// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import kernel.uapi.FileMode;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import userland.libc.DirectoryEntry;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** ps(1): what /proc says, in columns. */
final class Ps implements Program {
    static final String USAGE = """
            Usage: ps [-eAf] [-p PID] [aux]
            List processes, those of this terminal when nothing else is said.

              -e, -A   all of them
              -f       with owner, parent and the whole command
              -p PID   only that one
              aux      all of them, with state and memory
            """;

    private static final long NANOS_PER_TICK = 1_000_000_000L / ProcessStatus.TICKS_PER_SECOND;
    private static final int CONSOLE_MAJOR = 5;
    private static final int TTY_MAJOR = 4;
    private static final int PTS_MAJOR = 136;

    private Libc libc;

    @Override
    public int main(Libc own, String[] arguments) {
        libc = own;
        boolean aux = arguments.length > 0 && arguments[0].matches("[auxww]+");
        Options options = Options.parse(aux ? new String[0] : arguments, "eAfp:");
        if (!options.operands().isEmpty()) {
            throw new UsageException("unsupported option '" + options.operands().getFirst() + "'");
        }
        List<ProcessStatus> all = processes();
        long terminal = terminalOf(all, libc.processes().getpid());
        boolean everybody = aux || options.has('e') || options.has('A');
        all.removeIf(p -> options.has('p')
                ? !Integer.toString(p.pid()).equals(options.value('p'))
                : !everybody && p.terminal() != terminal);
        if (aux) {
            libc.stdout().println("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND");
            all.forEach(p -> libc.stdout().println(withMemory(p)));
        } else if (options.has('f')) {
            libc.stdout().println("UID          PID    PPID  C STIME TTY          TIME CMD");
            all.forEach(p -> libc.stdout().println(full(p)));
        } else {
            libc.stdout().println("    PID TTY          TIME CMD");
            all.forEach(p -> libc.stdout()
                    .println(String.format(
                            Locale.ROOT,
                            "%7d %-8s %s %s",
                            p.pid(),
                            tty(p.terminal()),
                            time(p),
                            p.command() + defunct(p))));
        }
        return all.isEmpty() ? 1 : 0;
    }

    private String full(ProcessStatus p) {
        return String.format(
                Locale.ROOT,
                "%-8s %7d %7d %2d %s %-8s %s %s",
                owner(p),
                p.pid(),
                p.parent(),
                (int) cpuPercent(p),
                startTime(p),
                tty(p.terminal()),
                time(p),
                commandLine(p));
    }

    private String withMemory(ProcessStatus p) {
        long seconds = p.cpuTicks() / ProcessStatus.TICKS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "%-8s %7d %4.1f %4.1f %6d %5d %-8s %-4s %s %3d:%02d %s",
                owner(p),
                p.pid(),
                cpuPercent(p),
                0.0,
                p.virtualBytes() / 1024,
                p.residentPages() * (Limits.PAGE_SIZE / 1024),
                tty(p.terminal()),
                p.stateText(),
                startTime(p),
                seconds / 60,
                seconds % 60,
                commandLine(p));
    }

    private List<ProcessStatus> processes() {
        List<ProcessStatus> all = new ArrayList<>();
        for (DirectoryEntry entry : libc.listDirectory("/proc")) {
            if (entry.name().chars().allMatch(c -> c >= '0' && c <= '9')) {
                String line = firstLine("/proc/" + entry.name() + "/stat");
                ProcessStatus status = line == null ? null : ProcessStatus.parse(line);
                if (status != null) {
                    all.add(status);
                }
            }
        }
        all.sort(Comparator.comparingInt(ProcessStatus::pid));
        return all;
    }

    /** Null when the file is not there or empty: the process has ended since, or it is a kernel thread. */
    private String firstLine(String path) {
        try {
            int fd = libc.open(path, OpenFlags.O_RDONLY);
            Input input = libc.input(fd);
            String line = input.readLine();
            input.close();
            return line;
        } catch (SystemCallException _) {
            return null;
        }
    }

    private static long terminalOf(List<ProcessStatus> all, int pid) {
        return all.stream()
                .filter(p -> p.pid() == pid)
                .mapToLong(ProcessStatus::terminal)
                .findFirst()
                .orElse(0);
    }

    /** A process that has ended and that nobody has waited for. */
    private static String defunct(ProcessStatus p) {
        return p.stateText().startsWith("Z") ? " <defunct>" : "";
    }

    private String commandLine(ProcessStatus p) {
        String line = firstLine("/proc/" + p.pid() + "/cmdline");
        return line == null || line.isEmpty()
                ? "[" + p.command() + "]" + defunct(p)
                : line.replace('\0', ' ').strip();
    }

    private String owner(ProcessStatus p) {
        try {
            return Names.of(libc.stat("/proc/" + p.pid()).uid());
        } catch (SystemCallException _) {
            return "?";
        }
    }

    private static String tty(long device) {
        int minor = FileMode.minor(device);
        return switch (FileMode.major(device)) {
            case CONSOLE_MAJOR -> minor == 1 ? "console" : "tty";
            case TTY_MAJOR -> "tty" + minor;
            case PTS_MAJOR -> "pts/" + minor;
            default -> "?";
        };
    }

    private static String time(ProcessStatus p) {
        long seconds = p.cpuTicks() / ProcessStatus.TICKS_PER_SECOND;
        return String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private double cpuPercent(ProcessStatus p) {
        long aliveTicks = libc.clock().monotonicNanos() / NANOS_PER_TICK - p.startTicks();
        return aliveTicks <= 0 ? 0 : Math.min(99, 100.0 * p.cpuTicks() / aliveTicks);
    }

    private String startTime(ProcessStatus p) {
        // In this order: time goes on between the calls, and nothing has started before the boot.
        long sinceBootNanos = libc.clock().monotonicNanos();
        long bootNanos = libc.clock().realTimeNanos() - sinceBootNanos;
        return new Moment(bootNanos + p.startTicks() * NANOS_PER_TICK).format("HH:mm");
    }
}
