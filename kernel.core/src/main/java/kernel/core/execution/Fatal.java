// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** What happens when kernel code throws. */
public interface Fatal {
    /** A handler, softirq, tasklet or timer threw: the kernel panics. */
    void interruptDied(Cpu cpu, String what, Throwable cause);

    /** The code of a task threw where nobody caught it. */
    void taskDied(Task task, Throwable cause);

    /** A device model threw on its own timeline: the hardware is broken. */
    void hardwareDied(Throwable cause);

    /** Nobody can move any more: every processor spins on a lock that another holds. */
    void deadlock(String report);
}
