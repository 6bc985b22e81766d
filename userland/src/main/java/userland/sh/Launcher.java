// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import userland.libc.Libc;
import userland.libc.Pipe;
import userland.libc.SignalText;
import userland.libc.Terminal;
import userland.libc.WaitStatus;

/**
 * Makes processes of commands: pipelines, jobs in the background, subshells, command substitutions. With job control each pipeline is a process
 * group of its own, and the one in the foreground has the terminal.
 */
final class Launcher {
    private static final int OUTPUT_BYTES_MAX = 1 << 20;
    /** Signals that an interactive shell ignores and its commands must not. */
    private static final List<Integer> SHELL_IGNORES =
            List.of(Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU);

    private final Libc libc;
    private final ShellState state;
    private final JobTable jobs;
    private final Interrupts interrupts;
    private boolean jobControl;

    Launcher(Libc libc, ShellState state, JobTable jobs, Interrupts interrupts) {
        this.libc = libc;
        this.state = state;
        this.jobs = jobs;
        this.interrupts = interrupts;
    }

    /** Makes this shell the owner of its terminal; false when the terminal does not know of process groups. */
    boolean takeTerminal() {
        SHELL_IGNORES.forEach(signal -> libc.raw().sigaction(signal, Signal.SIG_IGN, 0));
        libc.raw().setpgid(0, 0);
        jobControl = terminal().setForeground(libc.processes().getpgrp()) >= 0;
        return jobControl;
    }

    /** Runs commands with a pipe between each two and waits for them; answers the status of the last. */
    int foreground(List<Command> commands, String text) {
        return await(start(commands, text, false));
    }

    /** Starts commands and does not wait. */
    void background(List<Command> commands, String text) {
        Job job = start(commands, text, true);
        jobs.add(job);
        state.lastBackground = job.lastPid();
        if (state.interactive) {
            libc.stderr().println("[" + job.number() + "] " + job.lastPid());
        }
    }

    /** Waits for a job that has the terminal, takes the terminal back, and says how it was killed, if it was. */
    int await(Job job) {
        jobs.await(job, null);
        if (jobControl) {
            terminal().setForeground(libc.processes().getpgrp());
        }
        for (WaitStatus status : job.statuses()) {
            if (!status.exited() && status.signal() != Signal.SIGINT && status.signal() != Signal.SIGPIPE) {
                libc.stderr().println(SignalText.of(status.signal()));
            }
        }
        if (job.status().signal() == Signal.SIGINT && state.interactive) {
            throw new ControlFlow.Interrupt();
        }
        return job.status().shellStatus();
    }

    /** Gives the terminal to a job that is in the background, and waits for it. */
    int bringForward(Job job) {
        jobs.remove(job);
        if (jobControl && job.group() != 0) {
            terminal().setForeground(job.group());
        }
        return await(job);
    }

    /** What commands print, without the newlines at the end ({@code $( )}). */
    String output(Command.Sequence commands) {
        ShellState copy = state.copy();
        Pipe pipe = libc.pipe2(OpenFlags.O_CLOEXEC);
        boolean reset = state.interactive;
        int pid = libc.processes().fork(child -> {
            if (reset) {
                resetSignals(child);
            }
            move(child, pipe.writeEnd(), Libc.STDOUT);
            child.close(pipe.readEnd());
            Interpreter interpreter = new Interpreter(child, copy);
            return interpreter.runToEnd(() -> interpreter.run(commands));
        });
        libc.close(pipe.writeEnd());
        byte[] bytes = readAll(pipe.readEnd());
        libc.close(pipe.readEnd());
        state.substitutionStatus = libc.processes().waitFor(pid).shellStatus();
        state.status = state.substitutionStatus;
        interrupts.check();
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == '\n') {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8).replace("\0", "");
    }

    private byte[] readAll(int fd) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] bytes = new byte[Libc.IO_BUFFER_BYTES];
        long buffer = libc.ioBuffer();
        long count = 1;
        while (count > 0 && all.size() < OUTPUT_BYTES_MAX) {
            count = libc.raw().read(fd, buffer, bytes.length);
            if (count == -Errno.EINTR) {
                interrupts.check();
                count = 1;
            } else if (count > 0) {
                libc.processor().load(buffer, bytes, 0, (int) count);
                all.write(bytes, 0, (int) count);
            }
        }
        return all.toByteArray();
    }

    private Job start(List<Command> commands, String text, boolean background) {
        Job job = new Job(text.replace('\n', ' '));
        int input = -1;
        for (int i = 0; i < commands.size(); i++) {
            Pipe output = i + 1 < commands.size() ? libc.pipe2(OpenFlags.O_CLOEXEC) : null;
            int pid = fork(commands.get(i), job.group(), input, output, background);
            job.add(pid);
            if (jobControl) {
                if (job.group() == 0) {
                    job.setGroup(pid);
                }
                // Both the shell and the child do this: whoever comes first.
                libc.raw().setpgid(pid, job.group());
            }
            if (input >= 0) {
                libc.close(input);
            }
            if (output != null) {
                libc.close(output.writeEnd());
                input = output.readEnd();
            }
        }
        if (jobControl && !background) {
            terminal().setForeground(job.group());
        }
        return job;
    }

    private int fork(Command command, int group, int input, Pipe output, boolean background) {
        ShellState copy = state.copy();
        boolean interactive = state.interactive;
        boolean groups = jobControl;
        return libc.processes().fork(child -> {
            if (groups) {
                joinGroup(child, group, !background);
            }
            if (interactive) {
                resetSignals(child);
            }
            if (background && !groups) {
                detach(child, input < 0);
            }
            if (input >= 0) {
                move(child, input, Libc.STDIN);
            }
            if (output != null) {
                move(child, output.writeEnd(), Libc.STDOUT);
                child.close(output.readEnd());
            }
            Interpreter interpreter = new Interpreter(child, copy);
            return interpreter.runToEnd(() -> interpreter.executeInChild(command));
        });
    }

    private static void joinGroup(Libc child, int group, boolean foreground) {
        int own = child.processes().getpid();
        child.raw().setpgid(0, group == 0 ? own : group);
        if (foreground) {
            new Terminal(child, Libc.STDIN).setForeground(group == 0 ? own : group);
        }
    }

    private static void resetSignals(Libc child) {
        SHELL_IGNORES.forEach(signal -> child.raw().sigaction(signal, Signal.SIG_DFL, 0));
    }

    /** Without process groups the terminal's signals and its input are kept from the background in this way. */
    private static void detach(Libc child, boolean closeInput) {
        child.raw().sigaction(Signal.SIGINT, Signal.SIG_IGN, 0);
        child.raw().sigaction(Signal.SIGQUIT, Signal.SIG_IGN, 0);
        if (closeInput) {
            int nothing = (int) child.raw().open("/dev/null", OpenFlags.O_RDONLY, 0);
            if (nothing > 0) {
                move(child, nothing, Libc.STDIN);
            }
        }
    }

    private static void move(Libc child, int from, int to) {
        if (from != to) {
            child.dup2(from, to);
            child.close(from);
        } else {
            // A descriptor that is where it belongs must survive exec.
            child.fcntl(from, OpenFlags.F_SETFD, 0);
        }
    }

    private Terminal terminal() {
        return new Terminal(libc, Libc.STDIN);
    }
}
