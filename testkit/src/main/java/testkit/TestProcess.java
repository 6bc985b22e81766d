// SPDX-License-Identifier: Apache-2.0
package testkit;

import kernel.core.process.SpawnedProcess;
import userland.libc.Libc;

/** A process that a test started, and what its body answered. */
public final class TestProcess {
    /** The body of a process, in user mode. */
    @FunctionalInterface
    public interface Body {
        /** Runs to the end of the process; the result is its exit status. */
        int run(Libc libc);
    }

    private final SpawnedProcess process;

    TestProcess(SpawnedProcess process) {
        this.process = process;
    }

    public int pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** As wait(2) tells it: {@code status << 8} after exit, the signal's number after a signal. */
    public int waitStatus() {
        return process.exitStatus();
    }

    /** What exit was called with; a process that was killed fails the test. */
    public int exitCode() {
        int status = waitStatus();
        if (isAlive() || (status & 0x7f) != 0) {
            throw new AssertionError(
                    "process " + pid() + (isAlive() ? " is still alive" : " was killed by signal " + (status & 0x7f)));
        }
        return status >> 8 & 0xff;
    }
}
