// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.ERESTARTSYS;

import java.util.function.BooleanSupplier;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.wait.WaitQueue;

/** A wait queue whose sleeper lets the others of {@link FakeHost#whileAsleep} run, and must then have been woken. */
final class FakeWaitQueue implements WaitQueue {
    private final FakeHost host;
    private final String name;
    int wakeUps;

    FakeWaitQueue(FakeHost host, String name) {
        this.host = host;
        this.name = name;
    }

    @Override
    public int waitEventInterruptible(ProcessContext context, BooleanSupplier condition) {
        host.lockRules.check();
        while (!condition.getAsBoolean()) {
            if (host.signalPending) {
                return -ERESTARTSYS;
            }
            int before = wakeUps;
            Runnable other = host.whileAsleep.poll();
            if (other == null) {
                throw new AssertionError("sleeps for ever on " + name);
            }
            other.run();
            if (wakeUps == before && condition.getAsBoolean()) {
                throw new AssertionError("nobody woke the sleeper on " + name);
            }
        }
        return 0;
    }

    @Override
    public int waitEvent(ProcessContext context, BooleanSupplier condition) {
        return waitEventInterruptible(context, condition);
    }

    @Override
    public long waitEventInterruptibleTimeout(ProcessContext context, BooleanSupplier condition, long timeoutNanos) {
        throw new UnsupportedOperationException("no timeouts in a file system");
    }

    @Override
    public void wakeUp(Context context) {
        host.lockRules.check();
        wakeUps++;
    }

    @Override
    public void wakeUpInterruptible(Context context) {
        wakeUp(context);
    }

    @Override
    public void wakeUpAll(Context context) {
        wakeUp(context);
    }

    @Override
    public String toString() {
        return name;
    }
}
