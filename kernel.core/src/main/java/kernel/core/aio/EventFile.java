// SPDX-License-Identifier: Apache-2.0
package kernel.core.aio;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.wait.PollTable;
import kernel.core.execution.RawLock;
import kernel.core.execution.WaitQueueHead;
import kernel.uapi.PollEvents;

/** A counter that can be waited for: writes add to it, a read takes all of it, or one (Linux: eventfd(2)). */
public final class EventFile implements FileOperations {
    /** The highest value; one more is what nobody may write. */
    private static final long MAX = 0xffff_ffff_ffff_fffeL;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final RawLock lock = new RawLock();
    private final WaitQueueHead waiters;
    private final boolean semaphore;
    private long count;

    /** @param semaphore whether a read takes one only */
    public EventFile(WaitQueueHead waiters, long count, boolean semaphore) {
        this.waiters = waiters;
        this.count = count;
        this.semaphore = semaphore;
    }

    /** Adds one, as far as there is room. Any context (Linux: eventfd_signal). */
    public void signal(Context context) {
        add(1);
        waiters.wakeUpAll(context);
    }

    /** False when the sum would be too large. */
    private boolean add(long value) {
        lock.acquire();
        boolean fits = Long.compareUnsigned(value, MAX - count) <= 0;
        if (fits) {
            count += value;
        }
        lock.release();
        return fits;
    }

    /** Takes what a read gets; 0 when there is nothing. */
    private long take() {
        lock.acquire();
        long taken = semaphore && count != 0 ? 1 : count;
        count -= taken;
        lock.release();
        return taken;
    }

    private long count() {
        lock.acquire();
        long now = count;
        lock.release();
        return now;
    }

    /** Eight bytes; sleeps while the counter is 0. -EINVAL for a smaller buffer. */
    @Override
    public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (buffer.length() < Long.BYTES) {
            return -EINVAL;
        }
        long taken = take();
        while (taken == 0) {
            if (file.isNonBlocking()) {
                return -EAGAIN;
            }
            int error = waiters.waitEventInterruptible(context, () -> count() != 0);
            if (error != 0) {
                return error;
            }
            taken = take();
        }
        waiters.wakeUpAll(context);
        byte[] bytes = new byte[Long.BYTES];
        LONG.set(bytes, 0, taken);
        return context.copyToUser(buffer, 0, bytes, 0, bytes.length) == 0 ? bytes.length : -EFAULT;
    }

    /** Eight bytes; sleeps while the sum would be too large. -EINVAL for a smaller buffer and for the largest number. */
    @Override
    public long write(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
        if (buffer.length() < Long.BYTES) {
            return -EINVAL;
        }
        byte[] bytes = new byte[Long.BYTES];
        if (context.copyFromUser(bytes, 0, buffer, 0, bytes.length) != 0) {
            return -EFAULT;
        }
        long value = (long) LONG.get(bytes, 0);
        if (value == -1) {
            return -EINVAL;
        }
        while (!add(value)) {
            if (file.isNonBlocking()) {
                return -EAGAIN;
            }
            int error = waiters.waitEventInterruptible(context, () -> Long.compareUnsigned(value, MAX - count()) <= 0);
            if (error != 0) {
                return error;
            }
        }
        waiters.wakeUpAll(context);
        return Long.BYTES;
    }

    @Override
    public int poll(ProcessContext context, OpenFile file, PollTable table) {
        table.wait(waiters);
        long now = count();
        return (now == 0 ? 0 : PollEvents.POLLIN | PollEvents.POLLRDNORM)
                | (now == MAX ? 0 : PollEvents.POLLOUT | PollEvents.POLLWRNORM);
    }
}
