// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** The tasklets scheduled on one processor, in order. Used by its owner only. */
final class TaskletList {
    private SoftTasklet first;
    private SoftTasklet last;
    private SoftTasklet firstHigh;
    private SoftTasklet lastHigh;

    void add(SoftTasklet tasklet) {
        tasklet.next = null;
        if (tasklet.isHigh()) {
            if (firstHigh == null) {
                firstHigh = tasklet;
            } else {
                lastHigh.next = tasklet;
            }
            lastHigh = tasklet;
        } else {
            if (first == null) {
                first = tasklet;
            } else {
                last.next = tasklet;
            }
            last = tasklet;
        }
    }

    /** Runs what was scheduled until now; a tasklet that is running elsewhere is put back. */
    void run(Cpu cpu, boolean high) {
        SoftTasklet tasklet = high ? firstHigh : first;
        if (high) {
            firstHigh = null;
            lastHigh = null;
        } else {
            first = null;
            last = null;
        }
        while (tasklet != null) {
            SoftTasklet next = tasklet.next;
            if (!tasklet.tryRun(cpu)) {
                add(tasklet);
                cpu.softirqs.raise(high ? Softirqs.Vector.HI : Softirqs.Vector.TASKLET);
            }
            tasklet = next;
        }
    }
}
