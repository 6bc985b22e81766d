// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.ArrayList;
import java.util.List;
import kernel.core.cache.PageCache;
import kernel.core.execution.Cpu;
import kernel.core.execution.Execution;
import kernel.core.execution.Interrupts;
import kernel.core.execution.LoadAverage;
import kernel.core.execution.Softirqs;
import kernel.core.execution.Task;
import kernel.core.failure.Release;
import kernel.core.fs.ProcTable;
import kernel.core.process.ProcessFiles;

/** The files of /proc that tell of the kernel as a whole, in Linux's layouts (Linux: fs/proc, kernel/irq/proc.c). */
final class ProcFiles {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_CENTISECOND = 10_000_000L;
    private static final int CENTISECONDS = 100;
    private static final int PAGE_KIB = 4;
    /** Wide enough for the highest line number. */
    private static final int IRQ_WIDTH = 3;

    private static final int COUNT_WIDTH = 10;
    private static final String CHIP = "U-PLIC";

    private final Kernel kernel;
    private final Execution execution;

    ProcFiles(Kernel kernel) {
        this.kernel = kernel;
        execution = kernel.execution();
    }

    void enter(ProcTable table) {
        table.create("cpuinfo", this::cpuinfo);
        table.create("interrupts", this::interrupts);
        table.create("loadavg", this::loadavg);
        table.create("meminfo", this::meminfo);
        table.create("slabinfo", kernel.heap()::slabinfoText);
        table.create("softirqs", this::softirqs);
        table.create("stat", this::stat);
        table.create("uptime", this::uptime);
        table.create("version", ProcFiles::version);
        table.create("sys/kernel/hostname", () -> "ubend\n");
        table.create("sys/kernel/osrelease", () -> Release.RELEASE + "\n");
        table.create("sys/kernel/ostype", () -> Release.SYSTEM + "\n");
        table.create("sys/kernel/panic_on_oops", () -> kernel.failures().panicOnOops() ? "1\n" : "0\n");
        table.create("sys/kernel/printk", () -> kernel.log().consoleLevel() + "\t4\t1\t7\n");
        table.create("sys/kernel/tainted", () -> kernel.taint().mask() + "\n");
        table.create("vmstat", kernel.pageCache()::statisticsText);
        new VmFiles(kernel.pageCache()).enter(table);
        table.setProcesses(new ProcessFiles(execution, kernel.console()::foregroundGroup));
    }

    private List<Cpu> cpus() {
        List<Cpu> cpus = new ArrayList<>();
        for (int id = 0; id < execution.cpuCount(); id++) {
            cpus.add(execution.cpu(id));
        }
        return cpus;
    }

    // ---- interrupts

    private String interrupts() {
        StringBuilder text = new StringBuilder(" ".repeat(IRQ_WIDTH + 8));
        for (Cpu cpu : cpus()) {
            text.append(padRight("CPU" + cpu.id(), 11));
        }
        text.append('\n');
        long[] local = new long[execution.cpuCount()];
        for (Interrupts.Descriptor descriptor : execution.interrupts().descriptors()) {
            if (descriptor != null && descriptor.isLocal()) {
                for (int id = 0; id < local.length; id++) {
                    local[id] += descriptor.count(id);
                }
            } else if (descriptor != null) {
                line(text, descriptor);
            }
        }
        summary(text, "LOC", local, "Local timer interrupts");
        return text.append(padLeft("ERR", IRQ_WIDTH))
                .append(": ")
                .append(padLeft("0", COUNT_WIDTH))
                .append('\n')
                .toString();
    }

    private void line(StringBuilder text, Interrupts.Descriptor descriptor) {
        String number = Integer.toString(descriptor.line().number());
        text.append(padLeft(number, IRQ_WIDTH)).append(": ");
        for (Cpu cpu : cpus()) {
            text.append(padLeft(Long.toString(descriptor.count(cpu.id())), COUNT_WIDTH))
                    .append(' ');
        }
        text.append(' ')
                .append(padLeft(CHIP, 8))
                .append(' ')
                .append(padLeft(number, IRQ_WIDTH))
                .append(' ');
        text.append(descriptor.line().trigger() == Trigger.LEVEL ? "Level   " : "Edge    ");
        text.append("  ")
                .append(String.join(
                        ", ",
                        descriptor.actions().stream()
                                .map(Interrupts.Action::name)
                                .toList()));
        text.append('\n');
    }

    private static void summary(StringBuilder text, String name, long[] counts, String meaning) {
        text.append(padLeft(name, IRQ_WIDTH)).append(": ");
        for (long count : counts) {
            text.append(padLeft(Long.toString(count), COUNT_WIDTH)).append(' ');
        }
        text.append(' ').append(meaning).append('\n');
    }

    private String softirqs() {
        StringBuilder text = new StringBuilder(" ".repeat(20));
        for (Cpu cpu : cpus()) {
            text.append(padRight("CPU" + cpu.id(), 11));
        }
        text.append('\n');
        for (Softirqs.Vector vector : Softirqs.Vector.values()) {
            text.append(padLeft(vector.name(), 12)).append(':');
            for (Cpu cpu : cpus()) {
                text.append(' ').append(padLeft(Long.toString(cpu.softirqs().count(vector)), COUNT_WIDTH));
            }
            text.append('\n');
        }
        return text.toString();
    }

    // ---- processors and time

    private String cpuinfo() {
        StringBuilder text = new StringBuilder();
        for (Cpu cpu : cpus()) {
            text.append("processor\t: ").append(cpu.id()).append('\n');
            text.append("vendor_id\t: U-Bend\n");
            text.append("model name\t: ").append(Release.HARDWARE).append('\n');
            text.append("cpu cores\t: ").append(execution.cpuCount()).append('\n');
            text.append("address sizes\t: 51 bits physical, 48 bits virtual\n\n");
        }
        return text.toString();
    }

    private static String version() {
        return Release.SYSTEM + " version " + Release.RELEASE + " (java "
                + Runtime.version().feature() + ") " + Release.VERSION + "\n";
    }

    /** Processor time of the tasks that are there, in nanoseconds. */
    private long busyNanos() {
        long busy = 0;
        for (Task task : execution.tasks()) {
            busy += task.runtimeNanos();
        }
        return busy;
    }

    private long idleNanos() {
        return Math.max(0, execution.now() * execution.cpuCount() - busyNanos());
    }

    private String uptime() {
        return seconds(execution.now()) + " " + seconds(idleNanos()) + "\n";
    }

    private static String seconds(long nanos) {
        long hundredths = nanos / NANOS_PER_CENTISECOND;
        String fraction =
                Long.toString(CENTISECONDS + hundredths % CENTISECONDS).substring(1);
        return hundredths / CENTISECONDS + "." + fraction;
    }

    private int running() {
        int running = 0;
        for (Task task : execution.tasks()) {
            running += task.state() == Task.RUNNING ? 1 : 0;
        }
        return running;
    }

    private String loadavg() {
        int running = running();
        StringBuilder text = new StringBuilder();
        for (long average : execution.loadAverage().now()) {
            // Rounded as Linux rounds: half of a hundredth is added, the rest cut off.
            long rounded = average + LoadAverage.FIXED_1 / 200;
            long hundredths = rounded % LoadAverage.FIXED_1 * 100 / LoadAverage.FIXED_1;
            text.append("%d.%02d ".formatted(rounded / LoadAverage.FIXED_1, hundredths));
        }
        return text.toString() + running + "/" + execution.tasks().size() + " " + lastPid() + "\n";
    }

    private int lastPid() {
        return execution.tasks().stream().mapToInt(Task::pid).max().orElse(0);
    }

    private String stat() {
        long busy = busyNanos() / NANOS_PER_CENTISECOND;
        long idle = idleNanos() / NANOS_PER_CENTISECOND;
        StringBuilder text = new StringBuilder("cpu  " + busy + " 0 0 " + idle + " 0 0 0 0 0 0\n");
        int cpus = execution.cpuCount();
        for (Cpu cpu : cpus()) {
            text.append("cpu")
                    .append(cpu.id())
                    .append(' ')
                    .append(busy / cpus)
                    .append(" 0 0 ")
                    .append(idle / cpus);
            text.append(" 0 0 0 0 0 0\n");
        }
        long interrupts = 0;
        for (Interrupts.Descriptor descriptor : execution.interrupts().descriptors()) {
            for (int id = 0; descriptor != null && id < cpus; id++) {
                interrupts += descriptor.count(id);
            }
        }
        text.append("intr ").append(interrupts).append('\n');
        text.append("btime ")
                .append((kernel.wallClockNanos() - execution.now()) / NANOS_PER_SECOND)
                .append('\n');
        text.append("processes ").append(lastPid()).append('\n');
        text.append("procs_running ").append(running()).append('\n');
        long blocked = execution.tasks().stream()
                .filter(task -> task.state() == Task.UNINTERRUPTIBLE)
                .count();
        text.append("procs_blocked ").append(blocked).append('\n');
        return text.toString();
    }

    // ---- memory

    private String meminfo() {
        StringBuilder text = new StringBuilder();
        long free = kernel.pages().freePages() * PAGE_KIB;
        long slab = kernel.heap().slabBytes() / 1024;
        kib(text, "MemTotal", kernel.pages().totalPages() * PAGE_KIB);
        kib(text, "MemFree", free);
        PageCache cache = kernel.pageCache();
        long clean = cache.cachedPages() - cache.dirtyPages() - cache.writebackPages();
        kib(text, "MemAvailable", free + Math.max(0, clean) * PAGE_KIB);
        kib(text, "Buffers", cache.devicePages() * PAGE_KIB);
        kib(text, "Cached", (cache.cachedPages() - cache.devicePages()) * PAGE_KIB);
        kib(text, "SwapCached", 0);
        kib(text, "SwapTotal", 0);
        kib(text, "SwapFree", 0);
        kib(text, "Dirty", cache.dirtyPages() * PAGE_KIB);
        kib(text, "Writeback", cache.writebackPages() * PAGE_KIB);
        kib(text, "Slab", slab);
        kib(text, "SReclaimable", 0);
        kib(text, "SUnreclaim", slab);
        return text.toString();
    }

    private static void kib(StringBuilder text, String name, long kib) {
        text.append(padRight(name + ":", 16))
                .append(padLeft(Long.toString(kib), 8))
                .append(" kB\n");
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String padRight(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
