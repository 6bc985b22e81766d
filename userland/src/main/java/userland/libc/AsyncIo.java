// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;

/**
 * Reads and writes that a program does not wait for (io_submit(2), after libaio). Operations are prepared in slots, submitted, and their events fetched;
 * a slot may be prepared again when the event of what it held has been fetched. Only transfers of disks opened with {@code O_DIRECT} go on by themselves;
 * those of other files are over when {@link #submit} returns.
 */
public final class AsyncIo implements AutoCloseable {
    private static final int IOCB_BYTES = 64;
    private static final int EVENT_BYTES = 32;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int OPCODE_READ = 0;
    private static final int OPCODE_WRITE = 1;
    private static final int OPCODE_SYNC = 2;
    private static final int OPCODE_DATA_SYNC = 3;
    private static final long DURABLE = 2L << 32;
    private static final long SIGNAL = 1;

    private final Libc libc;
    private final UserProcessor processor;
    private final int capacity;
    private final long context;
    private final long iocbs;
    private final long list;
    private final long events;
    private final long timeout;

    /**
     * Makes a context (io_setup).
     *
     * @param capacity how many operations may be under way, and how many slots there are
     * @throws SystemCallException EAGAIN when that is more than the system allows, EINVAL, ENOMEM
     */
    public AsyncIo(Libc libc, int capacity) {
        this.libc = libc;
        this.capacity = capacity;
        processor = libc.processor();
        try (Arena arena = libc.arena()) {
            long number = arena.allocate(Long.BYTES);
            processor.storeLong(number, 0);
            Libc.check(libc.raw().call(SystemCallNumber.IO_SETUP, capacity, number), "io_setup", null);
            context = processor.loadLong(number);
        }
        iocbs = libc.heap().malloc((long) capacity * IOCB_BYTES);
        list = libc.heap().malloc((long) capacity * Long.BYTES);
        events = libc.heap().malloc((long) capacity * EVENT_BYTES);
        timeout = libc.heap().malloc(TIMESPEC_BYTES);
    }

    public int capacity() {
        return capacity;
    }

    // ---- preparing

    /**
     * A read.
     *
     * @param data what its event will say
     */
    public void prepareRead(int slot, int fd, long buffer, long bytes, long offset, long data) {
        prepare(slot, OPCODE_READ, fd, buffer, bytes, offset, data);
    }

    /**
     * A write.
     *
     * @param durable whether it is to be durable when it is over
     * @param data what its event will say
     */
    public void prepareWrite(int slot, int fd, long buffer, long bytes, long offset, boolean durable, long data) {
        prepare(slot, OPCODE_WRITE, fd, buffer, bytes, offset, data);
        if (durable) {
            processor.storeLong(iocb(slot) + 8, DURABLE);
        }
    }

    /** An fsync, or an fdatasync. */
    public void prepareSync(int slot, int fd, boolean dataOnly, long data) {
        prepare(slot, dataOnly ? OPCODE_DATA_SYNC : OPCODE_SYNC, fd, 0, 0, 0, data);
    }

    /** Has an eventfd told of the end of what was prepared in a slot. */
    public void signal(int slot, int eventFd) {
        processor.storeLong(iocb(slot) + 56, SIGNAL | (long) eventFd << 32);
    }

    private void prepare(int slot, int opcode, int fd, long buffer, long bytes, long offset, long data) {
        long iocb = iocb(slot);
        processor.storeLong(iocb, data);
        processor.storeLong(iocb + 8, 0);
        processor.storeLong(iocb + 16, opcode | (long) fd << 32);
        processor.storeLong(iocb + 24, buffer);
        processor.storeLong(iocb + 32, bytes);
        processor.storeLong(iocb + 40, offset);
        processor.storeLong(iocb + 48, 0);
        processor.storeLong(iocb + 56, 0);
    }

    private long iocb(int slot) {
        if (slot < 0 || slot >= capacity) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + capacity);
        }
        return iocbs + (long) slot * IOCB_BYTES;
    }

    // ---- submitting and fetching

    /**
     * Submits the operations in the first {@code count} of those slots, in that order.
     *
     * @return how many were taken, or a negative errno when the first was not
     */
    public int submit(int[] slots, int count) {
        for (int i = 0; i < count; i++) {
            processor.storeLong(list + (long) i * Long.BYTES, iocb(slots[i]));
        }
        return (int) libc.raw().call(SystemCallNumber.IO_SUBMIT, context, count, list);
    }

    /**
     * Fetches events, all that there are.
     *
     * @param least how many to wait for
     * @param timeoutNanos how long; negative for as long as it takes
     * @return how many, for {@link #data} and {@link #result}; or a negative errno: EINTR
     */
    public int fetch(int least, long timeoutNanos) {
        long time = 0;
        if (timeoutNanos >= 0) {
            processor.storeLong(timeout, timeoutNanos / NANOS_PER_SECOND);
            processor.storeLong(timeout + Long.BYTES, timeoutNanos % NANOS_PER_SECOND);
            time = timeout;
        }
        return (int) libc.raw().call(SystemCallNumber.IO_GETEVENTS, context, least, capacity, events, time, 0);
    }

    /** What an event says of its operation: what was given when it was prepared. */
    public long data(int event) {
        return processor.loadLong(events + (long) event * EVENT_BYTES);
    }

    /** Bytes moved, or a negative errno. */
    public long result(int event) {
        return processor.loadLong(events + (long) event * EVENT_BYTES + 16);
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        libc.raw().call(SystemCallNumber.IO_DESTROY, context);
        libc.heap().free(timeout);
        libc.heap().free(events);
        libc.heap().free(list);
        libc.heap().free(iocbs);
    }
}
