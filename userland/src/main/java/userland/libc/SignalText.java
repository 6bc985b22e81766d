// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static kernel.uapi.Signal.*;

/** What a signal is called in messages (strsignal(3)). */
public final class SignalText {
    private SignalText() {}

    public static String of(int signal) {
        return switch (signal) {
            case SIGHUP -> "Hangup";
            case SIGINT -> "Interrupt";
            case SIGQUIT -> "Quit";
            case SIGILL -> "Illegal instruction";
            case SIGTRAP -> "Trace/breakpoint trap";
            case SIGABRT -> "Aborted";
            case SIGBUS -> "Bus error";
            case SIGFPE -> "Floating point exception";
            case SIGKILL -> "Killed";
            case SIGUSR1 -> "User defined signal 1";
            case SIGSEGV -> "Segmentation fault";
            case SIGUSR2 -> "User defined signal 2";
            case SIGPIPE -> "Broken pipe";
            case SIGALRM -> "Alarm clock";
            case SIGTERM -> "Terminated";
            case SIGCHLD -> "Child exited";
            case SIGCONT -> "Continued";
            case SIGSTOP -> "Stopped (signal)";
            case SIGTSTP -> "Stopped";
            case SIGTTIN -> "Stopped (tty input)";
            case SIGTTOU -> "Stopped (tty output)";
            case SIGURG -> "Urgent I/O condition";
            case SIGWINCH -> "Window changed";
            case SIGSYS -> "Bad system call";
            default -> "Unknown signal " + signal;
        };
    }
}
