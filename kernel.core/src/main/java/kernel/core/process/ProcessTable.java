// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.ECHILD;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EPERM;
import static kernel.uapi.Errno.ESRCH;
import static kernel.uapi.Signal.SIGCHLD;
import static kernel.uapi.Signal.SIG_IGN;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.aio.AioCalls;
import kernel.core.execution.Execution;
import kernel.core.execution.RawLock;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.failure.Failures;
import kernel.core.fs.FileDescription;
import kernel.core.fs.FileTable;
import kernel.core.fs.NameSpace;
import kernel.core.fs.NameSpace.ExecutableLookup;
import kernel.core.fs.SystemCallTable;
import kernel.core.log.Log;
import kernel.core.log.LogLevel;
import kernel.core.memory.AddressSpace;
import kernel.core.memory.PageAllocator;
import kernel.core.trace.TraceEvent;
import kernel.uapi.Errno;
import kernel.uapi.Executable;
import kernel.uapi.OpenFlags;
import kernel.uapi.UserProcessor.Entry;

/**
 * The processes and how they are related: creation, groups and sessions, death, waiting, signals by number (Linux: kernel/fork.c, exit.c, pid.c).
 *
 * <p>The lock guards the relations; it is held for a few steps, and nothing is called under it.
 */
public final class ProcessTable {
    private static final String CONSOLE = "/dev/console";
    /** What a shell says of a program that it cannot start. */
    private static final int STATUS_NOT_FOUND = 127;

    private static final int STATUS_NOT_EXECUTABLE = 126;
    private static final int STATUS_SHIFT = 8;
    private static final int STANDARD_DESCRIPTORS = 3;

    private final RawLock lock = new RawLock();
    private final ProcessEnvironment kernel;
    private final AtomicBoolean hasInit = new AtomicBoolean();
    private final SystemCallText systemCallText = new SystemCallText();
    private final AioCalls aio;
    private volatile NameSpace nameSpace;

    public ProcessTable(ProcessEnvironment kernel) {
        this.kernel = kernel;
        aio = new AioCalls(kernel.execution(), process -> ((Proc) process).asynchronous());
    }

    /** Enters the system calls that are about processes. */
    public void register(SystemCallTable calls) {
        FileCalls.register(calls);
        DescriptorCalls.register(calls);
        PollCall.register(calls);
        MemoryCalls.register(calls);
        new ProcessCalls(this).register(calls);
        new SignalCalls(this).register(calls);
        new TimeCalls(kernel).register(calls);
        new IdentityCalls(this).register(calls);
        new SystemControlCalls(kernel).register(calls);
        IoPriorityCalls.register(calls);
        aio.register(calls);
    }

    AioCalls aio() {
        return aio;
    }

    ProcessEnvironment kernel() {
        return kernel;
    }

    Execution execution() {
        return kernel.execution();
    }

    Failures failures() {
        return kernel.failures();
    }

    Log log() {
        return kernel.log();
    }

    SystemCallTable systemCalls() {
        return kernel.systemCalls();
    }

    PageAllocator pages() {
        return kernel.pages();
    }

    SystemCallText systemCallText() {
        return systemCallText;
    }

    /** Says who resolves names; once, before the first process starts. */
    public void setNameSpace(NameSpace newNameSpace) {
        nameSpace = newNameSpace;
    }

    NameSpace nameSpace() {
        return nameSpace;
    }

    // ---- who is there

    /** The process with that pid, a zombie too, or null. */
    public Proc process(long pid) {
        Task task = pid > 0 && pid <= Integer.MAX_VALUE ? execution().task((int) pid) : null;
        return task instanceof Proc process ? process : null;
    }

    /** The processes by pid, zombies too. */
    public List<Proc> processes() {
        List<Proc> all = new ArrayList<>();
        for (Task task : execution().tasks()) {
            if (task instanceof Proc process) {
                all.add(process);
            }
        }
        all.sort(Comparator.comparingInt(Task::pid));
        return all;
    }

    // ---- creation

    /** Starts a program without a parent; the path is resolved by the new process. See {@code Kernel.spawn}. */
    public SpawnedProcess spawn(String path, String[] argv, String[] env) {
        return spawn(path, null, argv, env);
    }

    public SpawnedProcess spawn(Executable program, String[] argv, String[] env) {
        return spawn(argv.length == 0 ? program.getClass().getSimpleName() : argv[0], program, argv, env);
    }

    private SpawnedProcess spawn(String path, Executable program, String[] argv, String[] env) {
        NameSpace names = nameSpace;
        int pid = hasInit.compareAndSet(false, true)
                ? Execution.INIT_PID
                : execution().newPid();
        Proc process = new Proc(
                this, pid, "init", new Signals(), new FileTable(), names == null ? null : names.initialState());
        process.renameAfter(path);
        process.group = pid;
        process.session = pid;
        process.handle = new SpawnedProcess(pid, new SpawnRequest(path, program, List.of(argv), List.of(env)));
        execution().register(process);
        execution().start(process);
        return process.handle;
    }

    /** In a spawned process, before anything else: opens the console and finds its program. */
    void prepareSpawned(Proc process) {
        SpawnRequest request = process.handle.takeRequest();
        openConsole(process);
        Executable program = request.program();
        int error = 0;
        if (program == null) {
            ExecutableLookup found = nameSpace == null
                    ? new ExecutableLookup(Errno.ENOENT, null)
                    : nameSpace.executable(process, request.path());
            program = found.program();
            error = found.errno();
        }
        if (program != null) {
            ExecArguments arguments = new ExecArguments();
            error = arguments.add(request.argv(), request.env());
            error = error == 0 ? Exec.prepare(process, request.path(), program, arguments) : error;
        }
        if (error != 0) {
            log().print(LogLevel.ERR, "Failed to execute " + request.path() + " (error " + -Math.abs(error) + ")");
            boolean missing = Math.abs(error) == Errno.ENOENT;
            process.setWaitStatus((missing ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE) << STATUS_SHIFT);
        }
    }

    /** Where an open file is, for those who look at mappings. */
    NameSpace.Identity identity(FileDescription file) {
        return nameSpace == null ? NameSpace.Identity.UNKNOWN : nameSpace.identity(file);
    }

    private void openConsole(Proc process) {
        if (nameSpace == null || nameSpace.open(process, CONSOLE, OpenFlags.O_RDWR, 0) != 0) {
            return;
        }
        for (int fd = 1; fd < STANDARD_DESCRIPTORS; fd++) {
            process.files().install(process.files().get(0).get(), false);
        }
    }

    /** Makes a child that begins with that code, in a copy of the parent's memory. Returns its pid, or -ENOMEM. */
    long fork(Proc parent, ProgramProcessor parentProcessor, Entry code, long argument) {
        AddressSpace memory = parent.memory().fork(parent);
        if (memory == null) {
            return -Errno.ENOMEM;
        }
        NameSpace.State place = parent.nameSpaceState();
        Proc child = new Proc(
                this,
                execution().newPid(),
                parent.name(),
                parent.signals().fork(),
                parent.files().fork(),
                place == null ? null : place.fork());
        child.setMemory(memory);
        child.setCommandLine(parent.commandLine());
        child.setUid(parent.uid());
        child.setGid(parent.gid());
        child.setTerminal(parent.hasTerminal());
        ProgramProcessor processor =
                new ProgramProcessor(child, memory, parentProcessor.text().fork());
        child.setNextImage(new ProgramImage(processor, own -> code.enter(own, argument)));
        lock.acquire();
        child.parent = parent;
        child.group = parent.group;
        child.session = parent.session;
        parent.childrenForChange().put(child.pid(), child);
        lock.release();
        execution().register(child);
        execution().trace(parent, TraceEvent.FORK, child.pid(), 0, child.name());
        execution().start(child);
        return child.pid();
    }

    // ---- the end

    /** The process has let go of everything: its children find a new parent, and its own learns of it (Linux: exit_notify). */
    void exited(Proc process) {
        List<Proc> orphans = new ArrayList<>();
        lock.acquire();
        Proc init = process(Execution.INIT_PID);
        Proc adopter = init == null || init == process || init.zombie ? null : init;
        boolean zombiesForInit = false;
        for (Proc child : process.children.values()) {
            child.parent = adopter;
            if (adopter != null) {
                adopter.childrenForChange().put(child.pid(), child);
                zombiesForInit |= child.zombie;
            } else if (child.zombie) {
                orphans.add(child);
            }
        }
        process.children = Map.of();
        process.zombie = true;
        Proc parent = process.parent;
        boolean reap = parent == null || parent.signals().action(SIGCHLD).handler() == SIG_IGN;
        if (reap && parent != null) {
            parent.children.remove(process.pid());
        }
        lock.release();
        orphans.forEach(execution()::forget);
        if (reap) {
            execution().forget(process);
        }
        if (process.handle != null) {
            process.handle.ended(process.waitStatus());
        }
        if (zombiesForInit) {
            tell(process, adopter);
        }
        if (parent != null) {
            tell(process, parent);
        }
    }

    private static void tell(Proc child, Proc parent) {
        parent.send(SIGCHLD);
        WaitQueueHead queue = parent.childQueueIfAny();
        if (queue != null) {
            queue.wakeUpAll(child);
        }
    }

    /** What a look at the children finds: one that has ended, none of those wanted, or some that are alive. */
    private record Look(Proc ended, boolean any) {}

    /**
     * Waits for a child (Linux: do_wait).
     *
     * @param pid which, as in wait4
     * @return the child, which is gone now; null when there is none such (ECHILD), none has ended and {@code block} is false, or a signal came;
     *     {@code error} says which
     */
    Proc waitForChild(Proc parent, int pid, boolean block, long[] error) {
        Look look = lookForChild(parent, pid);
        while (look.ended == null) {
            if (!look.any) {
                error[0] = -ECHILD;
                return null;
            }
            if (!block) {
                error[0] = 0;
                return null;
            }
            Look[] found = new Look[1];
            int result = parent.childQueue().waitEventInterruptible(parent, () -> {
                found[0] = lookForChild(parent, pid);
                return found[0].ended != null || !found[0].any;
            });
            if (result < 0) {
                error[0] = result;
                return null;
            }
            look = found[0];
        }
        return look.ended;
    }

    /** Takes a zombie if there is one. */
    private Look lookForChild(Proc parent, int pid) {
        Proc ended = null;
        boolean any = false;
        lock.acquire();
        for (Proc child : parent.children.values()) {
            boolean wanted = pid == -1
                    || (pid > 0 && child.pid() == pid)
                    || (pid == 0 && child.group == parent.group)
                    || (pid < -1 && child.group == -pid);
            if (wanted) {
                any = true;
                if (child.zombie) {
                    ended = child;
                    break;
                }
            }
        }
        if (ended != null) {
            parent.children.remove(ended.pid());
        }
        lock.release();
        if (ended != null) {
            execution().forget(ended);
        }
        return new Look(ended, any);
    }

    // ---- relations

    /** The pid of the parent, 0 when there is none. */
    static int parentPid(Proc process) {
        Proc parent = process.parent;
        return parent == null ? 0 : parent.pid();
    }

    void hasExecuted(Proc process) {
        lock.acquire();
        process.hasExecuted = true;
        lock.release();
    }

    /** Puts a process into a group: 0, -ESRCH, -EACCES, -EPERM, -EINVAL (Linux: setpgid). */
    long setGroup(Proc caller, int pid, int wantedGroup) {
        if (wantedGroup < 0) {
            return -EINVAL;
        }
        Proc target = pid == 0 ? caller : process(pid);
        if (target == null) {
            return -ESRCH;
        }
        int group = wantedGroup == 0 ? target.pid() : wantedGroup;
        boolean exists = group == target.pid() || groupIsInSession(group, caller.session);
        lock.acquire();
        long result = 0;
        if (target != caller && target.parent != caller) {
            result = -ESRCH;
        } else if (target != caller && target.session != caller.session) {
            result = -EPERM;
        } else if (target != caller && target.hasExecuted) {
            result = -EACCES;
        } else if (target.session == target.pid() || !exists) {
            result = -EPERM;
        } else {
            target.group = group;
        }
        lock.release();
        return result;
    }

    private boolean groupIsInSession(int group, int session) {
        List<Proc> all = processes();
        lock.acquire();
        boolean found = false;
        for (Proc process : all) {
            found |= process.group == group && process.session == session;
        }
        lock.release();
        return found;
    }

    /** Begins a session with the process as its leader: its number or -EPERM (Linux: setsid). */
    long newSession(Proc process) {
        boolean leadsGroup = !members(process.pid()).isEmpty();
        if (leadsGroup) {
            return -EPERM;
        }
        lock.acquire();
        process.group = process.pid();
        process.session = process.pid();
        lock.release();
        process.setTerminal(false);
        return process.pid();
    }

    /** The processes of a group that have not ended, by pid. */
    public List<Proc> members(int group) {
        List<Proc> all = processes();
        lock.acquire();
        all.removeIf(process -> process.group != group || process.zombie);
        lock.release();
        return all;
    }

    // ---- signals

    /** Sends a signal on behalf of the kernel. Callable from anywhere. */
    public void signal(Proc process, int signal) {
        process.send(signal);
    }

    /** Sends a signal to a process group on behalf of the kernel, such as SIGINT from a terminal. Callable from anywhere. */
    public void signalGroup(int group, int signal) {
        members(group).forEach(process -> process.send(signal));
    }

    /** kill(2): 0, -ESRCH, -EPERM, -EINVAL. */
    long kill(Proc sender, int pid, int signal) {
        if (pid > 0) {
            Task task = execution().task(pid);
            return task == null ? -ESRCH : killOne(sender, task, signal);
        }
        if (pid == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        List<Proc> targets = pid == -1 ? everybodyBut(sender) : members(pid == 0 ? sender.group : -pid);
        long result = -ESRCH;
        for (Proc target : targets) {
            long one = killOne(sender, target, signal);
            result = one == 0 || result != 0 ? one : result;
        }
        return result;
    }

    private List<Proc> everybodyBut(Proc sender) {
        List<Proc> all = processes();
        all.removeIf(process -> process == sender || process.pid() == Execution.INIT_PID);
        return all;
    }

    /** A kernel thread takes no signals. */
    private static long killOne(Proc sender, Task target, int signal) {
        if (signal != 0 && !Signals.isSignal(signal)) {
            return -EINVAL;
        }
        if (!(target instanceof Proc process)) {
            return sender.uid() == 0 ? 0 : -EPERM;
        }
        if (sender.uid() != 0 && sender.uid() != process.uid()) {
            return -EPERM;
        }
        if (signal != 0) {
            process.send(signal);
        }
        return 0;
    }
}
