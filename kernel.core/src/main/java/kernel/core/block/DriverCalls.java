// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;

/** Who is inside of a driver on behalf of a process, so that the driver can be waited out before it goes. */
final class DriverCalls {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger inside = new AtomicInteger();
    private final WaitQueueHead leavers;

    DriverCalls(WaitQueueHead leavers) {
        this.leavers = leavers;
    }

    /** False when nobody is let in any more. Each true is followed by one {@link #exit}. */
    boolean enter() {
        if (inside.getAndIncrement() < 0) {
            exit();
            return false;
        }
        return true;
    }

    void exit() {
        if (inside.decrementAndGet() == CLOSED) {
            leavers.wakeAllFromOutside();
        }
    }

    /** Lets nobody in any more and waits until all have left. May sleep. */
    void close(Task task) {
        inside.getAndUpdate(count -> count | CLOSED);
        leavers.waitEvent(task, () -> inside.get() == CLOSED);
    }
}
