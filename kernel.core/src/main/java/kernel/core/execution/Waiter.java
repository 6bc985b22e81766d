// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** A task's place in a wait queue; a task waits in one queue at a time, so each has one of these. */
final class Waiter {
    final Task task;
    WaitQueueHead queue;
    Waiter previous;
    Waiter next;
    boolean exclusive;
    /** Set by every wake-up; for one who waits in several queues. */
    volatile boolean triggered;

    Waiter(Task task) {
        this.task = task;
    }
}
