// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static kernel.uapi.SystemCallNumber.GETPGRP;
import static kernel.uapi.SystemCallNumber.GETPID;
import static kernel.uapi.SystemCallNumber.GETPPID;
import static kernel.uapi.SystemCallNumber.SCHED_YIELD;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntConsumer;
import kernel.uapi.Errno;
import kernel.uapi.Signal;
import kernel.uapi.UserProcessor;

/** Calls about processes and signals: fork, exec, wait, kill. */
public final class Processes {
    private final Libc libc;
    /**
     * What the children that were forked and have not started yet will run. The parent puts, each child removes, on a thread of its own: the
     * one place where two processes meet in the Java heap, since a function cannot be passed through memory.
     */
    private final ConcurrentMap<Long, Birth> births = new ConcurrentHashMap<>();

    private long lastBirth;
    private long birthAddress;

    /** @param image the parent's library as it was when it forked */
    private record Birth(Child child, Libc image) {}

    Processes(Libc libc) {
        this.libc = libc;
    }

    /**
     * Makes a child process that runs the function in a copy of this one's memory. Output that is still buffered is written out before, so
     * that it does not appear twice.
     *
     * @return the child's process id
     * @throws SystemCallException EAGAIN, ENOMEM
     */
    public int fork(Child child) {
        libc.stdout().flush();
        if (birthAddress == 0) {
            birthAddress = libc.processor().textAddress(this::startChild);
        }
        long birth = ++lastBirth;
        births.put(birth, new Birth(child, new Libc(libc.processor(), libc)));
        long pid = libc.raw().fork(birthAddress, birth);
        if (pid < 0) {
            births.remove(birth);
        }
        return (int) Libc.check(pid, "fork", null);
    }

    private void startChild(UserProcessor processor, long number) {
        Birth birth = births.remove(number);
        Crt.run(new Libc(processor, birth.image), birth.child);
    }

    /**
     * Replaces the program; does not return.
     *
     * @param arguments the program's name first
     * @throws SystemCallException ENOENT, EACCES, ENOEXEC, E2BIG and others: then nothing has changed
     */
    public void execve(String path, Collection<String> arguments, Environment environment) {
        libc.stdout().flush();
        Libc.check(libc.raw().execve(path, arguments, environment.definitions()), "execve", path);
    }

    /**
     * Like {@link #execve}, and a name without a slash is searched for in the directories of {@code PATH}.
     *
     * @throws SystemCallException ENOENT when it is nowhere; what the last directory said when it is there but does not run
     */
    public void execvp(String name, Collection<String> arguments, Environment environment) {
        if (name.indexOf('/') >= 0) {
            execve(name, arguments, environment);
            return;
        }
        libc.stdout().flush();
        int errno = Errno.ENOENT;
        for (String directory : SearchPath.directories(environment.get("PATH", SearchPath.DEFAULT))) {
            long result = libc.raw().execve(SearchPath.join(directory, name), arguments, environment.definitions());
            if (result != -Errno.ENOENT && result != -Errno.ENOTDIR) {
                errno = (int) -result;
                if (errno != Errno.EACCES) {
                    break;
                }
            }
        }
        throw SystemCallException.of(errno, "execve", name);
    }

    /**
     * Waits until a child has ended.
     *
     * @param pid which one; -1 any, 0 any of this process group, negative any of that group
     * @throws SystemCallException ECHILD, EINTR
     */
    public WaitStatus wait4(int pid, int options) {
        return wait4(pid, options, false);
    }

    /** Like {@link #wait4} without options, and goes on waiting when a signal handler ran. */
    public WaitStatus waitFor(int pid) {
        return wait4(pid, 0, true);
    }

    private WaitStatus wait4(int pid, int options, boolean again) {
        try (Arena arena = libc.arena()) {
            long status = arena.allocate(Integer.BYTES);
            long child;
            do {
                child = libc.raw().wait4(pid, status, options);
            } while (again && child == -Errno.EINTR);
            Libc.check(child, "wait4", null);
            return new WaitStatus((int) child, child == 0 ? 0 : libc.processor().loadInt(status));
        }
    }

    /** Sends a signal to a process, to this process group (0), to everybody (-1), or to a process group (negative). */
    public void kill(int pid, int signal) {
        Libc.check(libc.raw().kill(pid, signal), "kill", null);
    }

    public int getpid() {
        return (int) libc.raw().call(GETPID);
    }

    public int getppid() {
        return (int) libc.raw().call(GETPPID);
    }

    public int getpgrp() {
        return (int) libc.raw().call(GETPGRP);
    }

    public void setpgid(int pid, int group) {
        Libc.check(libc.raw().setpgid(pid, group), "setpgid", null);
    }

    public void schedYield() {
        libc.raw().call(SCHED_YIELD);
    }

    public void ignore(int signal) {
        Libc.check(libc.raw().sigaction(signal, Signal.SIG_IGN, 0), "sigaction", null);
    }

    public void defaultAction(int signal) {
        Libc.check(libc.raw().sigaction(signal, Signal.SIG_DFL, 0), "sigaction", null);
    }

    /** Runs the handler when the signal arrives; calls that sleep then go on sleeping (SA_RESTART). */
    public void handle(int signal, IntConsumer handler) {
        long address = libc.processor().textAddress((_, number) -> handler.accept((int) number));
        Libc.check(libc.raw().sigaction(signal, address, Signal.SA_RESTART), "sigaction", null);
    }

    /** Ends this process by SIGABRT (abort(3)). */
    public void abort() {
        libc.raw().sigaction(Signal.SIGABRT, Signal.SIG_DFL, 0);
        libc.raw().kill(getpid(), Signal.SIGABRT);
    }
}
