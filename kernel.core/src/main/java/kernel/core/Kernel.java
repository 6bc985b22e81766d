// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import hardware.machine.Machine;
import hardware.machine.time.Timeline;
import hardware.machine.time.VirtualTimeline;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;
import kernel.api.wait.WaitQueue;
import kernel.core.block.BlockLayer;
import kernel.core.cache.PageCache;
import kernel.core.console.BuiltInDevices;
import kernel.core.console.Console;
import kernel.core.device.CharacterDevices;
import kernel.core.device.DeviceRegistry;
import kernel.core.device.DeviceTables;
import kernel.core.execution.Cpu;
import kernel.core.execution.DeterministicConductor;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.execution.Halt;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.failure.Failures;
import kernel.core.failure.Release;
import kernel.core.failure.Taint;
import kernel.core.fs.ExecutableTable;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.FileSystemTable;
import kernel.core.fs.NameSpace;
import kernel.core.fs.ProcTable;
import kernel.core.fs.SysTable;
import kernel.core.fs.SystemCallTable;
import kernel.core.fs.UserProcess;
import kernel.core.log.Log;
import kernel.core.log.LogLevel;
import kernel.core.memory.KernelHeap;
import kernel.core.memory.PageAllocator;
import kernel.core.module.ModuleFaults;
import kernel.core.module.ModuleTable;
import kernel.core.process.Proc;
import kernel.core.process.ProcessEnvironment;
import kernel.core.process.ProcessTable;
import kernel.core.process.SpawnedProcess;
import kernel.core.trace.Gate;
import kernel.core.trace.Trace;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Executable;

/**
 * One kernel on one machine (Linux: init/main.c). {@code new Kernel(config)} boots it; nothing of it is static, so a JVM holds as many as it
 * likes.
 *
 * <p>In live mode it runs by itself. In deterministic mode it runs while somebody is in {@link #run}, {@link #runFor} or {@link #runUntilIdle},
 * one host thread at a time.
 */
public final class Kernel implements FileSystemHost, ProcessEnvironment, AutoCloseable {
    /** When a deterministic machine is switched on: 2026-01-01 00:00:00 UTC, in nanoseconds since the epoch. */
    public static final long DETERMINISTIC_EPOCH_NANOS = 1_767_225_600_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long KIB = 1024;
    private static final long KIB_PER_PAGE = 4;

    private final KernelConfig config;
    private final Trace trace = new Trace();
    private final Log log;
    private final Failures failures;
    private final Execution execution;
    private final SystemCallTable systemCalls = new SystemCallTable();
    private final ProcTable procTable = new ProcTable();
    private final SysTable sysTable = new SysTable();
    private final ExecutableTable executables = new ExecutableTable();
    private final CharacterDevices characterDevices = new CharacterDevices();
    private final ModuleTable modules = new ModuleTable();
    private final FileSystemTable fileSystems = new FileSystemTable();
    private final PageAllocator pages;
    private final PageCache pageCache;
    private final KernelHeap heap;
    private final BlockLayer blockLayer;
    private final DeviceTables deviceTables;
    private final DeviceRegistry devices;
    private final ProcessTable processes;
    private final Console console;
    private final PowerOff powerOff;
    private final CopyOnWriteArrayList<Consumer<String>> haltListeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean halted = new AtomicBoolean();
    private final long bootWallNanos;

    /** Boots. */
    public Kernel(KernelConfig config) {
        this.config = config;
        log = new Log(config.logLevel(), this::nowNanos, this::traceLog);
        failures = new Failures(log, config.panicOnOops(), this::halt);
        bootWallNanos = config.isDeterministic() ? DETERMINISTIC_EPOCH_NANOS : hostNanos();
        execution = config.isDeterministic()
                ? Execution.deterministic(
                        this::newMachine,
                        trace,
                        failures,
                        failures,
                        config.schedule().apply(config.seed()))
                : Execution.live(this::newMachine, trace, failures, failures, config.name());
        failures.connect(execution);
        MachineWatch watch = new MachineWatch(this, trace, log);
        machine().bus().observe(watch);
        machine().interrupts().observe(watch);
        pages = new PageAllocator(machine().memory());
        pageCache = new PageCache(execution, pages);
        heap = new KernelHeap(pages, config.slubDebug(), this::reportMemory);
        blockLayer = new BlockLayer(execution, pages, log::print, failures, sysTable);
        blockLayer.setBufferedAccess(pageCache::device);
        deviceTables = new DeviceTables(characterDevices, blockLayer);
        devices = new DeviceRegistry(execution, characterDevices, heap, blockLayer, log::withPrefix);
        failures.setModules(new ModuleFaults(modules));
        procTable.create("modules", modules::procText);
        procTable.create("devices", deviceTables::procText);
        blockLayer.enter(procTable);
        processes = new ProcessTable(this);
        powerOff = new PowerOff(this, processes);
        processes.register(systemCalls);
        console = new Console(execution, processes);
        BuiltInDevices.enter(execution, characterDevices, systemCalls, processes, console, log, config.seed());
        new ProcFiles(this).enter(procTable);
        sayHello();
    }

    private void sayHello() {
        log.print(LogLevel.NOTICE, Release.SYSTEM + " version " + Release.RELEASE + " " + Release.VERSION);
        log.print(
                LogLevel.INFO,
                "Memory: " + pages.totalPages() * KIB_PER_PAGE + "K/" + config.memoryBytes() / KIB + "K available");
        log.print(LogLevel.INFO, "smp: Brought up 1 node, " + config.cpus() + (config.cpus() == 1 ? " CPU" : " CPUs"));
    }

    private Machine newMachine(Timeline timeline) {
        return new Machine(config.cpus(), config.memoryBytes(), config.iommu(), timeline, config.seed());
    }

    private static long hostNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    // ---- its parts

    public KernelConfig config() {
        return config;
    }

    public Machine machine() {
        return execution.machine();
    }

    public Trace trace() {
        return trace;
    }

    @Override
    public Log log() {
        return log;
    }

    public Taint taint() {
        return failures.taint();
    }

    /** Oops and panic; whoever keeps the modules tells it about them. */
    @Override
    public Failures failures() {
        return failures;
    }

    /** The scheduler; for the parts of the kernel. */
    @Override
    public Execution execution() {
        return execution;
    }

    /** The processes; for the parts of the kernel. */
    public ProcessTable processes() {
        return processes;
    }

    /** The terminal: the host connects its own here. */
    public Console console() {
        return console;
    }

    /** The modules that are loaded; for the parts of the kernel. */
    public ModuleTable modules() {
        return modules;
    }

    /** The devices and the drivers bound to them; for the parts of the kernel. */
    public DeviceRegistry devices() {
        return devices;
    }

    /** The pages of physical memory; for the parts of the kernel. */
    @Override
    public PageAllocator pages() {
        return pages;
    }

    @Override
    public BlockLayer blockLayer() {
        return blockLayer;
    }

    @Override
    public FileSystemTable fileSystems() {
        return fileSystems;
    }

    @Override
    public KernelLog log(String prefix) {
        return log.withPrefix(prefix);
    }

    @Override
    public void panic(ProcessContext context, String message) {
        failures.panic(((Task) context).cpu(), message);
        throw new Halt(message);
    }

    /** The page cache. */
    @Override
    public PageCache pageCache() {
        return pageCache;
    }

    /** kmalloc; for the parts of the kernel. */
    public KernelHeap heap() {
        return heap;
    }

    @Override
    public SystemCallTable systemCalls() {
        return systemCalls;
    }

    @Override
    public DeviceTables deviceNumbers() {
        return deviceTables;
    }

    /** The character devices; for the parts of the kernel. */
    public CharacterDevices characterDevices() {
        return characterDevices;
    }

    @Override
    public ProcTable procTable() {
        return procTable;
    }

    @Override
    public SysTable sysTable() {
        return sysTable;
    }

    @Override
    public ExecutableTable executables() {
        return executables;
    }

    @Override
    public void setNameSpace(NameSpace nameSpace) {
        processes.setNameSpace(nameSpace);
    }

    /** A gate for a tool that watches processes. */
    public Gate newGate(String name) {
        WaitQueueHead queue = execution.newWaitQueue(name, Gone.NEVER);
        return new Gate() {
            @Override
            public void await(ProcessContext process, BooleanSupplier condition) {
                queue.waitEventInterruptible(process, condition);
            }

            @Override
            public void changed() {
                queue.wakeAllFromOutside();
            }
        };
    }

    @Override
    public WaitQueue waitQueue(String name) {
        return execution.newWaitQueue(name, Gone.NEVER);
    }

    @Override
    public Mutex mutex(String name) {
        return execution.newMutex(name, Gone.NEVER, queue -> {});
    }

    @Override
    public void signal(UserProcess process, int signal) {
        processes.signal((Proc) process, signal);
    }

    // ---- time

    /** Time of the machine's clock since it was switched on. */
    public long nowNanos() {
        return execution == null ? 0 : execution.now();
    }

    @Override
    public long wallClockNanos() {
        return bootWallNanos + nowNanos();
    }

    // ---- processes

    /**
     * Starts a program of the name space as a process without a parent, with the console as its descriptors 0, 1 and 2 where there is one. Callable
     * from outside of the machine.
     *
     * @param argv the program's name first
     * @param env {@code NAME=value}
     */
    public SpawnedProcess spawn(String path, String[] argv, String[] env) {
        return processes.spawn(path, argv, env);
    }

    /** As {@link #spawn(String, String[], String[])}, with a program that needs no file. */
    public SpawnedProcess spawn(Executable program, String[] argv, String[] env) {
        return processes.spawn(program, argv, env);
    }

    /**
     * Runs kernel code in a kernel task made for it, and answers what it answers. From a thread of the host: in live mode it waits, in
     * deterministic mode it drives the machine until the code is done. From within a task it runs the code directly.
     *
     * @param name of the task
     * @param code may sleep; what it throws is thrown on
     * @throws IllegalStateException the kernel has halted, or everything sleeps for ever
     */
    public <T> T call(String name, Function<ProcessContext, T> code) {
        Task current = execution.currentTask();
        if (current != null) {
            return code.apply(current);
        }
        KernelCall<T> call = new KernelCall<>(code);
        execution.startKernelThread(name, call::run);
        DeterministicConductor conductor = execution.deterministicConductor();
        if (conductor != null) {
            conductor.run(call::isDone, Long.MAX_VALUE);
        }
        return call.await(this);
    }

    // ---- running, in deterministic mode

    /**
     * Runs the machine until the condition holds or nothing can move any more.
     *
     * @param until asked at every point; must not change anything
     * @return whether it holds
     */
    public boolean run(BooleanSupplier until) {
        return conductor().run(until, Long.MAX_VALUE);
    }

    /** Runs the machine for that long of its own time; when nothing happens that is no time of ours. */
    public void runFor(long nanos) {
        long end = nowNanos() + nanos;
        conductor().run(() -> nowNanos() >= end, end);
        if (!isHalted() && nowNanos() < end) {
            ((VirtualTimeline) machine().timeline()).charge(end - nowNanos());
        }
    }

    /** Runs the machine until nothing can move any more: all processors idle, no event to come. */
    public void runUntilIdle() {
        conductor().run(() -> false, Long.MAX_VALUE);
    }

    private DeterministicConductor conductor() {
        DeterministicConductor conductor = execution.deterministicConductor();
        if (conductor == null) {
            throw new IllegalStateException("a live kernel runs by itself");
        }
        return conductor;
    }

    // ---- the end

    /** Why the kernel panicked, or null. */
    public String panicMessage() {
        return failures.panicMessage();
    }

    public boolean isHalted() {
        return halted.get();
    }

    /** Told once why the kernel halts, on the thread that halts it; must be quick and not call the kernel. */
    public void onHalt(Consumer<String> listener) {
        haltListeners.add(listener);
    }

    @Override
    public void onPowerOff(Consumer<ProcessContext> step) {
        powerOff.add(step);
    }

    /**
     * Brings everything to rest, in good order, before the machine is switched off: processes are killed, then come the steps of {@link #onPowerOff}. Once;
     * process context, may sleep.
     */
    @Override
    public void prepareForPowerOff(ProcessContext context) {
        powerOff.run(context);
    }

    /** Stops every processor at its next point; log and trace stay readable. Callable from anywhere. */
    @Override
    public void halt(String reason) {
        if (halted.compareAndSet(false, true)) {
            execution.halt();
            haltListeners.forEach(listener -> listener.accept(reason));
        }
    }

    /** Halts, and ends all host threads of this kernel. */
    @Override
    public void close() {
        halt("closed");
        execution.close();
    }

    /** Somebody misused kernel memory. */
    private void reportMemory(List<String> lines) {
        Task current = execution.currentTask();
        failures.report(current == null ? execution.cpu(0) : current.cpu(), lines);
    }

    // ---- trace

    private void traceLog(int level, String text) {
        if (!trace.isOn()) {
            return;
        }
        Task current = execution == null ? null : execution.currentTask();
        if (current != null) {
            Cpu cpu = current.cpu();
            execution.trace(cpu, TraceEvent.LOG, level, 0, text);
        } else {
            trace.record(new TraceRecord(nowNanos(), -1, -1, "", "", TraceEvent.LOG, level, 0, text));
        }
    }
}
