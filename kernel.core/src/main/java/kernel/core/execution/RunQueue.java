// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** The tasks that are ready to run on one processor, first come first served. All but {@link #isEmpty} under {@link #lock}. */
final class RunQueue {
    final RawLock lock = new RawLock();
    private Task first;
    private Task last;
    private int queued;
    private volatile int length;

    void add(Task task) {
        task.nextInQueue = null;
        if (first == null) {
            first = task;
        } else {
            last.nextInQueue = task;
        }
        last = task;
        length = ++queued;
    }

    Task poll() {
        Task task = first;
        if (task != null) {
            first = task.nextInQueue;
            task.nextInQueue = null;
            length = --queued;
        }
        return task;
    }

    /** Callable without the lock. */
    boolean isEmpty() {
        return length == 0;
    }

    /** Callable without the lock. */
    int length() {
        return length;
    }
}
