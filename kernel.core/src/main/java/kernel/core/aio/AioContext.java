// SPDX-License-Identifier: Apache-2.0
package kernel.core.aio;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.api.interrupt.Work;
import kernel.core.block.Plug;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.execution.RawLock;
import kernel.core.execution.WaitQueueHead;
import kernel.core.execution.WorkQueue;

/**
 * An asynchronous context: operations under way, and the events of those that are over until they are fetched (Linux: struct kioctx). As many as it was
 * made for, both together; so an event always finds room.
 */
final class AioContext {
    static final int EVENT_BYTES = 32;
    static final int IOCB_BYTES = 64;

    private static final int WORDS = 3;
    private static final int FETCHED_AT_ONCE = 64;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final RawLock lock = new RawLock();
    private final Execution execution;
    private final WaitQueueHead waiters;
    private final Plug plug = Plug.kept();
    /** What io_submit reads from user memory, one operation after the other. */
    private final byte[] pointer = new byte[Long.BYTES];

    private final byte[] iocb = new byte[IOCB_BYTES];
    private final byte[] fetched = new byte[FETCHED_AT_ONCE * EVENT_BYTES];
    private final int capacity;
    private final long[] ring;
    private int first;
    private int events;
    /** Places that operations under way and events have. */
    private int taken;
    /** Operations that are not quite over. */
    private int active;

    private boolean dead;
    private AioRequest idle;

    AioContext(Execution execution, int capacity) {
        this.execution = execution;
        this.capacity = capacity;
        ring = new long[Math.multiplyExact(capacity, WORDS)];
        waiters = execution.newWaitQueue("read_events", Gone.NEVER);
    }

    int capacity() {
        return capacity;
    }

    byte[] pointer() {
        return pointer;
    }

    byte[] iocb() {
        return iocb;
    }

    Plug plug() {
        return plug;
    }

    WorkQueue.Item newWork(String name, Work.Function function) {
        return execution.workQueue().newItem(name, function);
    }

    /** A place for one more operation; null when all are taken (EAGAIN). */
    AioRequest take() {
        lock.acquire();
        AioRequest request = null;
        boolean room = taken < capacity && !dead;
        if (room) {
            taken++;
            active++;
            request = idle;
            if (request != null) {
                idle = request.next;
            }
        }
        lock.release();
        return room && request == null ? new AioRequest(this) : request;
    }

    /** The operation did not begin; its place is free. */
    void giveBack(Context context, AioRequest request) {
        lock.acquire();
        taken--;
        lock.release();
        forget(context, request);
    }

    /** An operation is over. Any context. */
    void addEvent(Context context, long data, long iocb, long result) {
        lock.acquire();
        int at = (first + events) % capacity * WORDS;
        ring[at] = data;
        ring[at + 1] = iocb;
        ring[at + 2] = result;
        events++;
        lock.release();
        waiters.wakeUpAll(context);
    }

    /** Nothing is to be done any more for an operation that is over. Any context. */
    void forget(Context context, AioRequest request) {
        lock.acquire();
        request.next = idle;
        idle = request;
        active--;
        boolean last = dead && active == 0;
        lock.release();
        if (last) {
            waiters.wakeUpAll(context);
        }
    }

    /**
     * Fetches events. May sleep.
     *
     * @param deadlineNanos until when it waits for the first {@code least}
     * @return how many, fewer than {@code least} when the time is over; -EINTR when a signal came before the first, -EFAULT
     */
    long fetch(ProcessContext context, long least, long most, long to, long deadlineNanos) {
        long done = 0;
        for (; ; ) {
            while (done < most && count() > 0) {
                long moved = copyOut(context, to + done * EVENT_BYTES, most - done);
                if (moved < 0) {
                    return done > 0 ? done : moved;
                }
                done += moved;
            }
            if (done >= least || isDead()) {
                return done;
            }
            long left = deadlineNanos - context.nanoTime();
            if (left <= 0) {
                return done;
            }
            long wanted = Math.min(least - done, capacity);
            long result = deadlineNanos == Long.MAX_VALUE
                    ? waiters.waitEventInterruptible(context, () -> count() >= wanted || isDead())
                    : waiters.waitEventInterruptibleTimeout(context, () -> count() >= wanted || isDead(), left);
            if (result < 0) {
                return done > 0 ? done : -EINTR;
            }
        }
    }

    private int count() {
        lock.acquire();
        int now = events;
        lock.release();
        return now;
    }

    private boolean isDead() {
        lock.acquire();
        boolean now = dead;
        lock.release();
        return now;
    }

    /** Some events at once; those that cannot be copied stay. */
    private long copyOut(ProcessContext context, long to, long most) {
        lock.acquire();
        int count = (int) Math.min(Math.min(most, FETCHED_AT_ONCE), events);
        for (int i = 0; i < count; i++) {
            int at = (first + i) % capacity * WORDS;
            LONG.set(fetched, i * EVENT_BYTES, ring[at]);
            LONG.set(fetched, i * EVENT_BYTES + 8, ring[at + 1]);
            LONG.set(fetched, i * EVENT_BYTES + 16, ring[at + 2]);
            LONG.set(fetched, i * EVENT_BYTES + 24, 0L);
        }
        lock.release();
        int bytes = count * EVENT_BYTES;
        if (context.copyToUser(new UserBuffer(to, bytes), 0, fetched, 0, bytes) != 0) {
            return -EFAULT;
        }
        lock.acquire();
        first = (first + count) % capacity;
        events -= count;
        taken -= count;
        lock.release();
        return count;
    }

    /** Nothing begins any more; waits for what is under way. May sleep. */
    void close(ProcessContext context) {
        lock.acquire();
        dead = true;
        lock.release();
        waiters.wakeUpAll(context);
        waiters.waitEvent(context, this::isIdle);
    }

    private boolean isIdle() {
        lock.acquire();
        boolean now = active == 0;
        lock.release();
        return now;
    }
}
