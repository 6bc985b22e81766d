// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Signal.SIGABRT;
import static kernel.uapi.Signal.SIGFPE;
import static kernel.uapi.Signal.SIGKILL;
import static kernel.uapi.Signal.SIGSEGV;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.api.file.UserBuffer;
import kernel.core.aio.AioContexts;
import kernel.core.execution.Gone;
import kernel.core.execution.Halt;
import kernel.core.execution.Point;
import kernel.core.execution.SoftTimer;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.fs.FileTable;
import kernel.core.fs.NameSpace;
import kernel.core.fs.UserProcess;
import kernel.core.log.LogLevel;
import kernel.core.memory.AddressSpace;
import kernel.core.trace.TraceEvent;
import kernel.uapi.Signal;

/**
 * A process (Linux: the rest of task_struct): a task with memory, descriptors, signals, relatives. What is not said to be guarded otherwise is
 * changed by the process itself only, in kernel mode.
 *
 * <p>Its thread begins in kernel mode, goes to user mode with a {@link ProgramImage}, comes back at its end by an {@link Unwind} or by
 * returning, and goes on with the next image or with {@link #exit}.
 */
public final class Proc extends Task implements UserProcess {
    private static final int NAME_LENGTH_MAX = 15;

    private final ProcessTable table;
    private final long startedNanos;
    private final Signals signals;
    private final FileTable files;
    private final NameSpace.State place;
    private volatile AddressSpace memory;
    private volatile List<String> commandLine = List.of();
    private volatile boolean hasTerminal;
    private volatile int uid;
    private volatile int gid;
    private AioContexts aio;
    private UserBuffer lastBuffer = new UserBuffer(0, 0);
    private ProgramImage nextImage;
    private ProgramProcessor processor;
    private int waitStatus;
    private long restartDeadlineNanos = -1;
    private boolean restarting;
    private SoftTimer alarm;
    private long alarmDeadlineNanos;
    private volatile WaitQueueHead childQueue;

    /** Whom to tell outside of the machine; set before the process starts. */
    SpawnedProcess handle;

    // Relatives: changed under the table's lock.
    volatile Proc parent;
    volatile int group;
    volatile int session;
    boolean hasExecuted;
    /** Has let go of everything and waits for its parent to ask. */
    volatile boolean zombie;
    /** By pid, those that are alive and those that are zombies; read under the lock too. */
    Map<Integer, Proc> children = Map.of();

    Proc(ProcessTable table, int pid, String name, Signals signals, FileTable files, NameSpace.State place) {
        super(table.execution(), pid, name, self -> ((Proc) self).live());
        this.table = table;
        this.signals = signals;
        this.files = files;
        this.place = place;
        startedNanos = table.execution().now();
    }

    ProcessTable table() {
        return table;
    }

    Signals signals() {
        return signals;
    }

    /** Whether it has ended and waits for its parent to ask. */
    public boolean isZombie() {
        return zombie;
    }

    @Override
    public FileTable files() {
        return files;
    }

    @Override
    public NameSpace.State nameSpaceState() {
        return place;
    }

    @Override
    public int uid() {
        return uid;
    }

    @Override
    public int gid() {
        return gid;
    }

    /** Whether its session has the console as its terminal. */
    public boolean hasTerminal() {
        return hasTerminal;
    }

    public void setTerminal(boolean has) {
        hasTerminal = has;
    }

    /** Its process group. */
    public int group() {
        return group;
    }

    public boolean leadsSession() {
        return session == pid();
    }

    void setUid(int newUid) {
        uid = newUid;
    }

    void setGid(int newGid) {
        gid = newGid;
    }

    /** Its memory; null for one that has ended or not begun. */
    AddressSpace memory() {
        return memory;
    }

    void setMemory(AddressSpace newMemory) {
        memory = newMemory;
        setUserSpace(newMemory);
    }

    /** The arguments it was started with. */
    List<String> commandLine() {
        return commandLine;
    }

    void setCommandLine(List<String> arguments) {
        commandLine = arguments;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Names it after a file, as exec does. */
    void renameAfter(String path) {
        String base = path.substring(path.lastIndexOf('/') + 1);
        rename(base.length() > NAME_LENGTH_MAX ? base.substring(0, NAME_LENGTH_MAX) : base);
    }

    Map<Integer, Proc> childrenForChange() {
        if (children.isEmpty()) {
            children = new LinkedHashMap<>();
        }
        return children;
    }

    /** Where it sleeps until a child ends. */
    WaitQueueHead childQueue() {
        WaitQueueHead queue = childQueue;
        if (queue == null) {
            queue = execution().newWaitQueue("do_wait", Gone.NEVER);
            childQueue = queue;
        }
        return queue;
    }

    /** The queue, or null when it never waited. */
    WaitQueueHead childQueueIfAny() {
        return childQueue;
    }

    // ---- life

    /** What it does next in user mode: at the start, and after an exec. */
    void setNextImage(ProgramImage image) {
        nextImage = image;
    }

    /** The processor of the program that runs. */
    ProgramProcessor processorOfImage() {
        return processor;
    }

    /** Processor time used so far. */
    long cpuTimeNanos() {
        return runtimeNanosNow();
    }

    private ProgramImage takeNextImage() {
        ProgramImage image = nextImage;
        nextImage = null;
        return image;
    }

    /** The body of the task. */
    private void live() {
        ProgramImage image = firstImage();
        if (image != null) {
            leaveKernel();
            Throwable failure = runImages(image);
            enterKernel();
            if (failure != null) {
                programFailed(failure);
            }
        }
        exit();
    }

    private ProgramImage firstImage() {
        try {
            if (nextImage == null) {
                table.prepareSpawned(this);
            }
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            oops(e);
        }
        return takeNextImage();
    }

    /** In user mode: one program after the other. Returns what the last one threw that it should not have, or null. */
    private Throwable runImages(ProgramImage first) {
        ProgramImage image = first;
        while (image != null) {
            try {
                processor = image.processor();
                image.code().accept(image.processor());
                image.processor().end(new Unwind(Unwind.Why.EXIT));
                return null;
            } catch (Unwind e) {
                image = takeNextImage();
            } catch (Halt e) {
                throw e;
            } catch (Throwable e) {
                image.processor().end(new Unwind(Unwind.Why.EXIT));
                return e;
            }
        }
        return null;
    }

    /** A program threw to its very bottom: as on real machines, a signal ends it, and the log says where. */
    private void programFailed(Throwable failure) {
        int signal = switch (failure) {
            case ArithmeticException _ -> SIGFPE;
            case NullPointerException _, StackOverflowError _ -> SIGSEGV;
            case OutOfMemoryError _ -> SIGKILL;
            default -> SIGABRT;
        };
        String what = switch (signal) {
            case SIGFPE -> "trap divide error";
            case SIGKILL -> "out of memory";
            default -> "trap " + failure;
        };
        table.log()
                .print(
                        LogLevel.INFO,
                        "traps: " + name() + "[" + pid() + "] " + what + " ip:" + ProgramFrames.top(failure));
        waitStatus = signal;
    }

    /** How it will have ended, as wait(2) says it. */
    void setWaitStatus(int status) {
        waitStatus = status;
    }

    int waitStatus() {
        return waitStatus;
    }

    /** Kernel code threw on behalf of this process: reports it and makes sure that the process dies. */
    Unwind oops(Throwable cause) {
        table.failures().oops(cpu(), cause);
        releaseAllLocks();
        nextImage = null;
        waitStatus = SIGKILL;
        return new Unwind(Unwind.Why.EXIT);
    }

    /** In kernel mode, at the very end: lets go of everything and tells the relatives (Linux: do_exit). */
    void exit() {
        execution().trace(this, TraceEvent.EXIT, pid(), waitStatus, name());
        disarmAlarm();
        guarded(this::endAsynchronous);
        for (int fd = 0; fd < files.limit(); fd++) {
            closeAtExit(fd);
        }
        if (place != null) {
            guarded(() -> place.release(this));
        }
        AddressSpace old = memory;
        if (old != null) {
            setMemory(null);
            guarded(() -> old.release(this));
        }
        table.exited(this);
    }

    /** A range of its memory: most programs read into the same buffer again and again, and then it is the same object. For the process itself. */
    UserBuffer buffer(long address, long length) {
        UserBuffer last = lastBuffer;
        if (last.address() != address || last.length() != length) {
            last = new UserBuffer(address, length);
            lastBuffer = last;
        }
        return last;
    }

    /** Its asynchronous contexts; for the process itself. */
    AioContexts asynchronous() {
        if (aio == null) {
            aio = new AioContexts();
        }
        return aio;
    }

    /** Before its memory goes: waits for what devices still do to it. May sleep. */
    void endAsynchronous() {
        if (aio != null) {
            table.aio().closeAll(this);
        }
    }

    private void closeAtExit(int fd) {
        if (files.get(fd) != null) {
            guarded(() -> files.close(this, fd));
        }
    }

    /** The exit goes on whatever the code of a driver or file system throws. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Halt e) {
            throw e;
        } catch (RuntimeException | Error e) {
            table.failures().oops(cpu(), e);
            releaseAllLocks();
        }
    }

    // ---- signals

    /** Notes a signal and wakes the process if it has to know. Callable from anywhere. */
    void send(int signal) {
        if (execution().trace().isOn()) {
            Task sender = execution().currentTask();
            if (sender != null) {
                execution().trace(sender.cpu(), TraceEvent.SIGNAL, signal, pid(), Signal.name(signal));
            }
        }
        if (signals.add(signal)) {
            setSignalPending(true);
        }
    }

    /** After what is blocked or pending has changed. */
    void recalculateSignals() {
        setSignalPending(false);
        if (signals.isDeliverable()) {
            setSignalPending(true);
        }
    }

    // ---- restarts of system calls that have slept for a while (Linux: restart_block)

    /** A sleep was interrupted: when it goes on it still ends then. */
    void setRestartDeadline(long nanos) {
        restartDeadlineNanos = nanos;
    }

    /** Whether the call that begins is one that was interrupted. */
    void setRestarting(boolean again) {
        restarting = again;
    }

    /** When the call that begins again should end, or -1 when it begins for the first time. */
    long restartDeadline() {
        return restarting ? restartDeadlineNanos : -1;
    }

    // ---- alarm

    /** Sets or clears (0) the alarm; answers when the one before would have gone off, 0 for none. */
    long setAlarm(long delayNanos) {
        long before = alarmDeadlineNanos;
        disarmAlarm();
        if (delayNanos > 0) {
            if (alarm == null) {
                alarm = new SoftTimer(context -> send(Signal.SIGALRM));
            }
            alarmDeadlineNanos = execution().now() + delayNanos;
            alarm.arm(this, delayNanos);
        }
        return before;
    }

    private void disarmAlarm() {
        alarmDeadlineNanos = 0;
        if (alarm != null) {
            alarm.cancel(this);
        }
    }

    // ---- user memory

    /** Bytes of user memory up to a zero, which is not among them; null when the address is bad. At most {@code maxBytes}. */
    byte[] readUserBytes(long address, int maxBytes) {
        mightSleep("strncpy_from_user");
        byte[] bytes = UserText.read(this, address, maxBytes);
        cpu().point(Point.COPY);
        return bytes;
    }

    @Override
    public String readUserString(long address, int maxBytes) {
        byte[] bytes = readUserBytes(address, maxBytes);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void traceLookup(String step, String name) {
        if (execution().trace().isOn()) {
            execution().trace(cpu(), TraceEvent.LOOKUP, 0, 0, step.isEmpty() ? name : step + " " + name);
        }
    }
}
