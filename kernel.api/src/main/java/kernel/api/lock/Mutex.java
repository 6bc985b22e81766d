// SPDX-License-Identifier: Apache-2.0
package kernel.api.lock;

import kernel.api.context.ProcessContext;

/** A lock whose waiters sleep (Linux: struct mutex): one owner, who alone unlocks it, in process context. Not recursive. */
public interface Mutex {
    void lock(ProcessContext context);

    /**
     * Takes the lock unless a signal comes first.
     *
     * @return 0, -ERESTARTSYS after a signal, or -ENODEV when the device it belongs to has gone
     */
    int lockInterruptible(ProcessContext context);

    boolean tryLock(ProcessContext context);

    void unlock(ProcessContext context);
}
