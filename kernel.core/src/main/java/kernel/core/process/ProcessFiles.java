// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntSupplier;
import kernel.core.execution.Execution;
import kernel.core.execution.Task;
import kernel.core.fs.NameSpace;
import kernel.core.fs.ProcTable;
import kernel.core.memory.AddressSpace;
import kernel.uapi.FileMode;

/** The numbered directories of /proc (Linux: fs/proc/base.c, array.c, task_mmu.c). */
public final class ProcessFiles implements ProcTable.Processes {
    private static final List<String> FILES = List.of("cmdline", "comm", "maps", "stat", "statm", "status", "wchan");
    /** Linux's USER_HZ. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final int PAGE_KIB = 4;
    private static final int PAGE_BYTES = 4096;
    private static final int SIGCHLD = 17;

    private static final int CONSOLE = (int) FileMode.device(5, 1);

    private final Execution execution;
    private final IntSupplier foregroundGroup;

    /** @param foregroundGroup of the console */
    public ProcessFiles(Execution execution, IntSupplier foregroundGroup) {
        this.execution = execution;
        this.foregroundGroup = foregroundGroup;
    }

    @Override
    public List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        for (Task task : execution.tasks()) {
            pids.add(task.pid());
        }
        Collections.sort(pids);
        return pids;
    }

    @Override
    public boolean exists(int pid) {
        return execution.task(pid) != null;
    }

    @Override
    public List<String> files() {
        return FILES;
    }

    @Override
    public String text(int pid, String file) {
        Task task = execution.task(pid);
        if (task == null) {
            return null;
        }
        Proc process = task instanceof Proc found ? found : null;
        AddressSpace memory = process == null ? null : process.memory();
        return switch (file) {
            case "cmdline" -> process == null || memory == null ? "" : cmdline(process);
            case "comm" -> task.name() + "\n";
            case "maps" -> memory == null ? "" : memory.mapsText();
            case "stat" -> stat(task, process, memory);
            case "statm" -> statm(memory);
            case "status" -> status(task, process, memory);
            case "wchan" ->
                task.waitingFor().isEmpty() ? "0" : task.waitingFor().replace(' ', '_');
            default -> null;
        };
    }

    private static String cmdline(Proc process) {
        StringBuilder text = new StringBuilder();
        process.commandLine().forEach(argument -> text.append(argument).append('\0'));
        return text.toString();
    }

    private static char state(Task task, Proc process) {
        if (process != null && process.zombie) {
            return 'Z';
        }
        return switch (task.state()) {
            case Task.RUNNING -> 'R';
            case Task.INTERRUPTIBLE -> 'S';
            case Task.UNINTERRUPTIBLE -> 'D';
            default -> 'X';
        };
    }

    private static String stateText(char state) {
        return switch (state) {
            case 'R' -> "R (running)";
            case 'S' -> "S (sleeping)";
            case 'D' -> "D (disk sleep)";
            case 'Z' -> "Z (zombie)";
            default -> "X (dead)";
        };
    }

    private static long pages(AddressSpace memory) {
        return memory == null ? 0 : memory.residentPages();
    }

    private static long bytes(AddressSpace memory) {
        return memory == null ? 0 : memory.virtualBytes();
    }

    /** The 52 fields of proc(5), in their order; what there is nothing of is 0. */
    private String stat(Task task, Proc process, AddressSpace memory) {
        StringBuilder text = new StringBuilder()
                .append(task.pid())
                .append(" (")
                .append(task.name())
                .append(") ");
        text.append(state(task, process));
        long started = process == null ? 0 : process.startedNanos() / NANOS_PER_TICK;
        int session = process == null ? 0 : process.session;
        number(text, process == null ? 0 : ProcessTable.parentPid(process));
        number(text, process == null ? 0 : process.group);
        number(text, session);
        // tty_nr, tpgid, flags, minflt, cminflt, majflt, cmajflt
        boolean terminal = process != null && process.hasTerminal();
        numbers(
                text,
                terminal ? CONSOLE : 0,
                terminal ? foregroundGroup.getAsInt() : -1,
                process == null ? 0x0020_8040 : 0x0040_0000,
                0,
                0,
                0,
                0);
        // utime, stime, cutime, cstime, priority, nice, num_threads, itrealvalue, starttime
        numbers(text, task.runtimeNanos() / NANOS_PER_TICK, 0, 0, 0, 20, 0, 1, 0, started);
        // vsize, rss, rsslim
        numbers(text, bytes(memory), pages(memory));
        text.append(" 18446744073709551615");
        // startcode, endcode, startstack, kstkesp, kstkeip
        numbers(text, AddressSpace.TEXT_START, AddressSpace.TEXT_START, AddressSpace.STACK_TOP, 0, 0);
        Signals signals = process == null ? new Signals() : process.signals();
        numbers(text, signals.pending(), signals.blocked(), signals.ignoredMask(), signals.caughtMask());
        // wchan, nswap, cnswap, exit_signal, processor, rt_priority, policy, delayacct_blkio_ticks, guest_time,
        // cguest_time
        numbers(text, task.waitingFor().isEmpty() ? 0 : 1, 0, 0, SIGCHLD, task.processor(), 0, 0, 0, 0, 0);
        // start_data, end_data, start_brk, arg_start, arg_end, env_start, env_end, exit_code
        numbers(text, 0, 0, AddressSpace.HEAP_START, 0, 0, 0, 0, process == null ? 0 : process.waitStatus());
        return text.append('\n').toString();
    }

    private static void number(StringBuilder text, long value) {
        text.append(' ').append(value);
    }

    private static void numbers(StringBuilder text, long... values) {
        for (long value : values) {
            number(text, value);
        }
    }

    private static String statm(AddressSpace memory) {
        return bytes(memory) / PAGE_BYTES + " " + pages(memory) + " 0 0 0 " + bytes(memory) / PAGE_BYTES + " 0\n";
    }

    private static String status(Task task, Proc process, AddressSpace memory) {
        StringBuilder text = new StringBuilder();
        line(text, "Name", task.name());
        if (process != null) {
            NameSpace.State place = process.nameSpaceState();
            if (place != null) {
                line(text, "Umask", "%04o".formatted(place.umask()));
            }
        }
        line(text, "State", stateText(state(task, process)));
        line(text, "Tgid", task.pid());
        line(text, "Pid", task.pid());
        line(text, "PPid", process == null ? 0 : ProcessTable.parentPid(process));
        line(text, "TracerPid", 0);
        int uid = process == null ? 0 : process.uid();
        int gid = process == null ? 0 : process.gid();
        line(text, "Uid", uid + "\t" + uid + "\t" + uid + "\t" + uid);
        line(text, "Gid", gid + "\t" + gid + "\t" + gid + "\t" + gid);
        if (process != null) {
            line(text, "FDSize", process.files().limit());
        }
        if (memory != null) {
            line(text, "VmSize", kib(memory.virtualBytes() / 1024));
            line(text, "VmRSS", kib(memory.residentPages() * PAGE_KIB));
            line(text, "VmData", kib(memory.virtualBytes("[heap]") / 1024));
            line(text, "VmStk", kib(memory.virtualBytes("[stack]") / 1024));
        }
        line(text, "Threads", 1);
        if (process != null) {
            signals(text, process.signals());
        }
        line(text, "Cpus_allowed_list", task.processor());
        return text.toString();
    }

    private static void signals(StringBuilder text, Signals signals) {
        HexFormat hex = HexFormat.of();
        line(text, "SigPnd", hex.toHexDigits(signals.pending()));
        line(text, "ShdPnd", hex.toHexDigits(0L));
        line(text, "SigBlk", hex.toHexDigits(signals.blocked()));
        line(text, "SigIgn", hex.toHexDigits(signals.ignoredMask()));
        line(text, "SigCgt", hex.toHexDigits(signals.caughtMask()));
    }

    private static String kib(long kib) {
        String number = Long.toString(kib);
        return " ".repeat(Math.max(0, 8 - number.length())) + number + " kB";
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(":\t").append(value).append('\n');
    }
}
