// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;

/** The context of a process that has no memory and never sleeps. */
final class FakeContext implements ProcessContext {
    @Override
    public int processor() {
        return 0;
    }

    @Override
    public int currentPid() {
        return 1;
    }

    @Override
    public String currentName() {
        return "test";
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public long copyToUser(UserBuffer to, long toOffset, byte[] from, int fromOffset, int length) {
        throw new AssertionError("a file system touches no user memory");
    }

    @Override
    public long copyFromUser(byte[] to, int toOffset, UserBuffer from, long fromOffset, int length) {
        throw new AssertionError("a file system touches no user memory");
    }

    @Override
    public long clearUser(UserBuffer to, long toOffset, long length) {
        throw new AssertionError("a file system touches no user memory");
    }

    @Override
    public boolean signalPending() {
        return false;
    }

    @Override
    public void sleep(long nanos) {
        throw new AssertionError("a file system waits for its device only");
    }

    @Override
    public int sleepInterruptible(long nanos) {
        throw new AssertionError("a file system waits for its device only");
    }

    @Override
    public void yieldProcessor() {
        // There is nobody else.
    }
}
