// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.concurrent.locks.ReentrantLock;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;

/** A mutex that finds a second lock by the same thread, and between threads really locks. */
final class FakeMutex implements Mutex {
    private final FakeHost host;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();

    FakeMutex(FakeHost host, String name) {
        this.host = host;
        this.name = name;
    }

    @Override
    public void lock(ProcessContext context) {
        host.lockRules.check();
        if (lock.isHeldByCurrentThread()) {
            throw new AssertionError("deadlock on " + name);
        }
        lock.lock();
    }

    @Override
    public int lockInterruptible(ProcessContext context) {
        lock(context);
        return 0;
    }

    @Override
    public boolean tryLock(ProcessContext context) {
        return lock.tryLock();
    }

    @Override
    public void unlock(ProcessContext context) {
        host.lockRules.check();
        lock.unlock();
    }
}
