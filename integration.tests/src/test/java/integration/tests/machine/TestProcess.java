// SPDX-License-Identifier: Apache-2.0
package integration.tests.machine;

import java.util.concurrent.CompletableFuture;
import userland.libc.Libc;
import userland.libc.WaitStatus;

/** A process that a test started. */
public final class TestProcess {
    /** What it does, in user mode; what it answers is its exit status. */
    @FunctionalInterface
    public interface Body {
        int run(Libc libc);
    }

    private final TestMachine machine;
    private final String name;
    private final CompletableFuture<Integer> pid = new CompletableFuture<>();
    private final CompletableFuture<WaitStatus> end = new CompletableFuture<>();

    TestProcess(TestMachine machine, String name) {
        this.machine = machine;
        this.name = name;
    }

    void forked(int newPid) {
        pid.complete(newPid);
    }

    void ended(WaitStatus status) {
        end.complete(status);
    }

    /** Its number, once it has one. */
    public int pid() {
        machine.await(name + " is forked", pid::isDone);
        return pid.join();
    }

    public boolean isAlive() {
        return !end.isDone();
    }

    /** How it ended, once it has. */
    public WaitStatus await() {
        machine.await(this + " ends", end::isDone);
        return end.join();
    }

    /** What it sleeps on, as /proc/PID/wchan has it; 0 while it does not. */
    public String waitsFor() {
        return machine.kernel().procTable().processes().text(pid(), "wchan");
    }

    /** Returns once it sleeps on a wait queue or mutex of that name. */
    public void awaitAsleepIn(String queue) {
        machine.await(
                this + " sleeps in " + queue, () -> queue.replace(' ', '_').equals(waitsFor()));
    }

    @Override
    public String toString() {
        return name + "[" + pid.getNow(-1) + "]";
    }
}
