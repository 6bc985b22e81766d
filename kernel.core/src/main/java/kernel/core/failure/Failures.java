// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import kernel.core.execution.Cpu;
import kernel.core.execution.Execution;
import kernel.core.execution.Fatal;
import kernel.core.execution.Halt;
import kernel.core.execution.KernelBug;
import kernel.core.execution.RuleReporter;
import kernel.core.execution.Task;
import kernel.core.log.Log;
import kernel.core.log.LogLevel;

/**
 * What is said and done when kernel code fails: a report in Linux's words, the taint, and then an oops, which ends one task, or a panic, which
 * ends all. Callable in every context.
 */
public final class Failures implements Fatal, RuleReporter {
    /** The packages of the machine and its devices. */
    private static final String HARDWARE = "hardware.";

    private static final int HARDIRQ_MASK = 0xf << 16;
    private static final int SOFTIRQ_MASK = 1 << 8;

    private final Log log;
    private final Taint taint = new Taint();
    private final Consumer<String> onPanic;
    private final AtomicInteger oopses = new AtomicInteger();
    private volatile FaultListener modules = new PackageFaults();
    private volatile boolean panicOnOops;
    private volatile String panicMessage;
    private Execution execution;

    /** @param onPanic stops the kernel; gets the reason */
    public Failures(Log log, boolean panicOnOops, Consumer<String> onPanic) {
        this.log = log;
        this.panicOnOops = panicOnOops;
        this.onPanic = onPanic;
    }

    /** Once, when there are processors. */
    public void connect(Execution newExecution) {
        execution = newExecution;
    }

    public Taint taint() {
        return taint;
    }

    public void setModules(FaultListener newModules) {
        modules = newModules;
    }

    public boolean panicOnOops() {
        return panicOnOops;
    }

    public void setPanicOnOops(boolean panic) {
        panicOnOops = panic;
    }

    /** How many oopses there were. */
    public int oopsCount() {
        return oopses.get();
    }

    /** Why the kernel panicked, or null. */
    public String panicMessage() {
        return panicMessage;
    }

    /** The line with CPU, PID and taint that every report has. */
    public String statusLine(Cpu cpu) {
        return "CPU: " + cpu.id() + " PID: " + cpu.current().pid() + " Comm: "
                + cpu.current().name() + " " + taint.text() + " " + Release.RELEASE + " #1";
    }

    // ---- broken rules

    @Override
    public void report(Cpu cpu, List<String> lines) {
        List<String> report = new ArrayList<>(lines);
        report.add(statusLine(cpu));
        report.add("Call Trace:");
        report.addAll(new CallTrace(modules, callers()).lines());
        print(LogLevel.ERR, report);
        taint.add(Taint.Flag.WARN);
    }

    /** A warning about kernel or driver code, where it happened and by whom (Linux: WARN). */
    public void warn(Cpu cpu, String message) {
        report(cpu, List.of("------------[ cut here ]------------", message));
    }

    private static StackTraceElement[] callers() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                        .dropWhile(frame -> frame.getClassName().equals(Failures.class.getName())
                                || frame.getClassName().equals("kernel.core.execution.Rules"))
                        .toArray(StackTraceElement[]::new));
    }

    // ---- oops

    /**
     * Kernel code threw in process context: reports it and marks the module whose code it was. The caller ends the task; with
     * panic_on_oops nothing is left to end, and a {@link Halt} is thrown.
     */
    public void oops(Cpu cpu, Throwable cause) {
        CallTrace trace = printOops(cpu, cause, "TASK");
        taint.add(Taint.Flag.DIE);
        String module = trace.module();
        if (module != null) {
            modules.faulted(module);
        }
        if (panicOnOops) {
            panic(cpu, "Fatal exception");
            throw new Halt("panic");
        }
    }

    private CallTrace printOops(Cpu cpu, Throwable cause, String context) {
        CallTrace trace = new CallTrace(modules, cause.getStackTrace());
        StackTraceElement at = trace.instruction();
        List<String> report = new ArrayList<>();
        boolean nullPointer = cause instanceof NullPointerException;
        report.add(
                nullPointer
                        ? "BUG: kernel NULL pointer dereference, address: 0000000000000000"
                        : "kernel BUG at " + at.getFileName() + ":" + at.getLineNumber() + "!");
        report.add("Oops: " + (nullPointer ? "0000" : "invalid opcode: 0000") + " [#" + oopses.incrementAndGet()
                + "] SMP");
        report.add(statusLine(cpu));
        report.add("Hardware name: " + Release.HARDWARE);
        report.add("RIP: 0010:" + trace.describe(at));
        report.add("Exception: " + cause);
        report.add("Call Trace:");
        report.add(" <" + context + ">");
        report.addAll(trace.lines());
        report.add(" </" + context + ">");
        report.add("Modules linked in: " + String.join(" ", modules.modulesLinkedIn()));
        report.add(contract(trace, cause, at));
        report.add("---[ end trace 0000000000000000 ]---");
        print(LogLevel.EMERG, report);
        return trace;
    }

    private String contract(CallTrace trace, Throwable cause, StackTraceElement at) {
        String module = trace.module();
        if (module == null) {
            return "contract broken: none that a module is party to; this is a bug of the kernel itself";
        }
        if (at.getClassName().startsWith(HARDWARE)) {
            return "contract broken: the hardware's below; " + module + " used the machine as its manual forbids";
        }
        boolean inModule = modules.moduleOf(at) != null;
        if (cause instanceof KernelBug || !inModule) {
            return "contract broken: the kernel's above; " + module + " called the kernel as its rules forbid";
        }
        return "contract broken: the kernel's above; " + module + " answers with an errno, never with an exception";
    }

    // ---- panic

    /** Ends everything; log and trace stay readable. The processors stop at their next point. */
    public void panic(Cpu cpu, String message) {
        List<String> report = new ArrayList<>();
        report.add("Kernel panic - not syncing: " + message);
        if (cpu != null) {
            report.add(statusLine(cpu));
            report.add("Hardware name: " + Release.HARDWARE);
        }
        report.add("---[ end Kernel panic - not syncing: " + message + " ]---");
        synchronized (this) {
            if (panicMessage != null) {
                return;
            }
            panicMessage = message;
        }
        print(LogLevel.EMERG, report);
        onPanic.accept("Kernel panic - not syncing: " + message);
    }

    // ---- what the scheduler tells

    @Override
    public void interruptDied(Cpu cpu, String what, Throwable cause) {
        boolean hard = (cpu.preemptCount() & HARDIRQ_MASK) != 0;
        boolean soft = (cpu.preemptCount() & SOFTIRQ_MASK) != 0;
        CallTrace trace = printOops(cpu, cause, hard ? "IRQ" : soft ? "SOFTIRQ" : "TASK");
        taint.add(Taint.Flag.DIE);
        if (trace.module() != null) {
            modules.faulted(trace.module());
        }
        panic(cpu, "Fatal exception in interrupt");
        throw new Halt("panic in " + what);
    }

    @Override
    public void taskDied(Task task, Throwable cause) {
        oops(task.cpu(), cause);
        task.releaseAllLocks();
    }

    @Override
    public void hardwareDied(Throwable cause) {
        if (cause instanceof Halt) {
            return;
        }
        List<String> report = new ArrayList<>();
        report.add("mce: [Hardware Error]: a device model died on its own timeline: " + cause);
        report.addAll(new CallTrace(modules, cause.getStackTrace()).lines());
        print(LogLevel.EMERG, report);
        taint.add(Taint.Flag.MACHINE_CHECK);
    }

    @Override
    public void deadlock(String report) {
        print(LogLevel.EMERG, List.of("watchdog: BUG: hard LOCKUP, no processor can move: " + report));
        panic(execution.cpu(0), "Hard LOCKUP");
    }

    private synchronized void print(int level, List<String> lines) {
        log.print(level, lines);
    }
}
