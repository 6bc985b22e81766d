// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;

/** A mutex of a machine with one task: to wait for it is to wait for ever. */
final class FakeMutex implements Mutex {
    private final String name;
    private boolean locked;

    FakeMutex(String name) {
        this.name = name;
    }

    boolean isLocked() {
        return locked;
    }

    @Override
    public void lock(ProcessContext context) {
        if (locked) {
            throw new AssertionError("deadlock on " + name);
        }
        locked = true;
    }

    @Override
    public int lockInterruptible(ProcessContext context) {
        lock(context);
        return 0;
    }

    @Override
    public boolean tryLock(ProcessContext context) {
        boolean free = !locked;
        locked = true;
        return free;
    }

    @Override
    public void unlock(ProcessContext context) {
        if (!locked) {
            throw new AssertionError("not locked: " + name);
        }
        locked = false;
    }
}
