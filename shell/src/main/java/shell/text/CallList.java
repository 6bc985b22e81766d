// SPDX-License-Identifier: Apache-2.0
package shell.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Errno;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;

/**
 * The system calls of a program and perhaps of its children, from its exec on, made of the events of a trace, in the shape of strace.
 */
public final class CallList {
    private static final String RULE = "------ ----------- ----------- --------- --------- ----------------\n";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Consumer<String> lines;
    private final Predicate<String> wanted;
    private final boolean withTime;
    private final boolean follow;
    private final Map<Integer, TraceRecord> entered = new HashMap<>();
    private final Map<String, Totals> totals = new TreeMap<>();
    private final Set<Integer> pids = new HashSet<>();
    private final int root;
    /** Before it the process is a copy of the tracer, on its way to the program. */
    private boolean executed;

    /** What one kind of call cost. */
    private static final class Totals {
        private long calls;
        private long errors;
        private long nanos;
    }

    /**
     * Begins a list.
     *
     * @param pid whose calls
     * @param follow also those of its children
     * @param wanted by name
     * @param withTime whether each line ends with the time spent in the call
     * @param lines get the finished lines, without line feed
     */
    public CallList(int pid, boolean follow, Predicate<String> wanted, boolean withTime, Consumer<String> lines) {
        root = pid;
        pids.add(pid);
        this.follow = follow;
        this.wanted = wanted;
        this.withTime = withTime;
        this.lines = lines;
    }

    /** The next event of the trace; of whichever process. */
    public void add(TraceRecord event) {
        switch (event.event()) {
            case SYS_ENTER -> {
                if (pids.contains(event.pid())) {
                    entered.put(event.pid(), event);
                }
            }
            case SYS_EXIT -> {
                TraceRecord enter = entered.remove(event.pid());
                executed |= event.pid() == root && event.a() == SystemCallNumber.EXECVE && event.b() == 0;
                if (enter != null && executed) {
                    finished(enter, event);
                }
            }
            case FORK -> {
                if (follow && pids.contains(event.pid())) {
                    pids.add((int) event.a());
                    lines.accept("strace: Process " + event.a() + " attached");
                }
            }
            case SIGNAL -> {
                if (pids.contains((int) event.b())) {
                    line(
                            (int) event.b(),
                            "--- SIG" + Signal.name((int) event.a()) + " {si_signo=SIG" + Signal.name((int) event.a())
                                    + ", si_pid=" + event.pid() + "} ---");
                }
            }
            case EXIT -> {
                if (pids.contains(event.pid())) {
                    ended(event);
                }
            }
            default -> {
                // Not a matter of the border between program and kernel.
            }
        }
    }

    private void finished(TraceRecord enter, TraceRecord exit) {
        String name = SystemCallText.name(enter.a());
        if (!wanted.test(name)) {
            return;
        }
        Totals total = totals.computeIfAbsent(name, _ -> new Totals());
        total.calls++;
        if (exit != null) {
            total.nanos += exit.nanos() - enter.nanos();
            total.errors += Errno.isError(exit.b()) ? 1 : 0;
        }
        line(enter.pid(), SystemCallText.line(enter, exit, withTime));
    }

    private void ended(TraceRecord event) {
        TraceRecord enter = entered.remove(event.pid());
        if (!executed) {
            return;
        }
        if (enter != null) {
            finished(enter, null);
        }
        int status = (int) event.b();
        int signal = status & 0x7f;
        line(
                event.pid(),
                signal == 0
                        ? "+++ exited with " + (status >> 8 & 0xff) + " +++"
                        : "+++ killed by SIG" + Signal.name(signal) + " +++");
    }

    private void line(int pid, String text) {
        lines.accept(pid == root && pids.size() == 1 ? text : String.format(Locale.ROOT, "[pid %5d] %s", pid, text));
    }

    /** The table of {@code strace -c}; time is that between trap and return, asleep or not. */
    public String summary() {
        long nanos = totals.values().stream().mapToLong(total -> total.nanos).sum();
        StringBuilder text =
                new StringBuilder("% time     seconds  usecs/call     calls    errors syscall\n").append(RULE);
        totals.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue().nanos, a.getValue().nanos))
                .forEach(entry -> text.append(row(entry.getKey(), entry.getValue(), nanos)));
        Totals all = new Totals();
        totals.values().forEach(total -> {
            all.calls += total.calls;
            all.errors += total.errors;
            all.nanos += total.nanos;
        });
        return text.append(RULE).append(row("total", all, nanos)).toString();
    }

    private static String row(String name, Totals total, long allNanos) {
        return String.format(
                Locale.ROOT,
                "%6.2f %11.6f %11d %9d %9s %s\n",
                allNanos == 0 ? 0.0 : 100.0 * total.nanos / allNanos,
                total.nanos / NANOS_PER_SECOND,
                total.calls == 0 ? 0 : total.nanos / total.calls / 1000,
                total.calls,
                total.errors == 0 ? "" : Long.toString(total.errors),
                name);
    }
}
