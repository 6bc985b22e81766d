// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import hardware.machine.interrupt.InterruptSink;
import hardware.machine.time.Timeline;

/**
 * The only difference between live and deterministic mode: which host thread runs what, and who chooses what happens
 * next. The kernel above is the same code.
 */
interface Conductor extends InterruptSink, AutoCloseable {
    Timeline timeline();

    /** Whether every point asks {@link #decide}. */
    boolean decides();

    /** Called once, when the processors exist. */
    void start(Execution execution);

    /** Makes the host thread of a task, not started. */
    Thread newThread(Task task, Runnable body);

    /** The thread of a task ends, or goes to sleep in the host for ever; the last thing that it does. */
    void ended(Task task);

    /**
     * At a point of the processor's owner: lets others go first, or not.
     *
     * @return whether a pending interrupt is taken now
     */
    boolean decide(Cpu cpu, Point point);

    /** The processor has passed from {@code previous} to {@code next}; returns when {@code previous} runs again, at once if it is dead. */
    void switchTo(Cpu cpu, Task previous, Task next);

    /** The processor has nobody to run; returns when {@code previous} runs again, at once if it is dead. */
    void goIdle(Cpu cpu, Task previous);

    /** A task was dispatched on a processor that had been idle. */
    void dispatched(Task task);

    /** One round of waiting for a lock that another processor holds. */
    void spin(Cpu cpu, Spinnable lock);

    /** Waits until a hardware thread has given the processor back to user mode. */
    void awaitInterruptEnd(Cpu cpu);

    /** At a point, after {@link Cpu#ATTENTION_HOST}: the thread leaves its carrier for a moment. */
    void letHostThreadsRun();

    /** Ends all host threads; the kernel has halted. */
    @Override
    void close();
}
