// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** Something that a task has put off and that must not wait for as long as it sleeps (Linux: sched_submit_work). */
@FunctionalInterface
public interface SleepHook {
    /** The task is about to sleep, its state says so already; must not sleep itself. Not called when it is preempted. */
    void beforeSleep(Task task);
}
