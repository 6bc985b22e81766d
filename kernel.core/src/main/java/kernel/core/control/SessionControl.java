// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import kernel.uapi.Executable;

/** What a session of the host needs of a kernel: its streams as device files, and a first program. */
public interface SessionControl {
    /**
     * Makes a device file of streams of the host, {@code /dev/hvc0} and so on: a character device, and no terminal.
     *
     * @param number from 0, each once
     * @param in null for what cannot be read
     * @return its path
     */
    String addStream(int number, InputStream in, OutputStream out);

    /**
     * Starts a program that needs no file, as a process without a parent, with the console as its descriptors 0, 1 and 2 where there is one.
     *
     * @param argv the program's name first
     * @param environment {@code NAME=value}
     */
    ProgramRun start(Executable program, List<String> argv, List<String> environment);

    /** A program that was started from outside of the machine. Thread-safe. */
    interface ProgramRun {
        int pid();

        /**
         * How it ended, as a shell says it: the exit code, or 128 and the number of the signal that killed it.
         *
         * @throws IllegalStateException it has not
         */
        int exitCode();

        /** Called when it has ended, at once if it has; on a thread of the kernel, so it must be quick and not wait. */
        void onExit(Runnable listener);

        /** SIGINT for its process group. Callable from any thread of the host. */
        void interrupt();
    }
}
