// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.SystemCallNumber;
import kernel.uapi.UserProcessor;
import userland.libc.Arena;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/**
 * A block device whose reads, writes and flushes are under way side by side, by io_submit. They are handed to the kernel in batches: when somebody asks for
 * what has completed.
 */
public final class AsynchronousDisk implements Disk {
    /** How many can be under way. */
    private static final int REQUESTS_MAX = 64;
    /** struct iocb, and where its fields are. */
    private static final int IOCB_BYTES = 64;

    private static final int IOCB_DATA = 0;
    private static final int IOCB_RW_FLAGS = 12;
    private static final int IOCB_OPCODE = 16;
    private static final int IOCB_DESCRIPTOR = 20;
    private static final int IOCB_BUFFER = 24;
    private static final int IOCB_LENGTH = 32;
    private static final int IOCB_OFFSET = 40;
    private static final int IOCB_FLAGS = 56;
    private static final int IOCB_EVENT_DESCRIPTOR = 60;
    private static final int IOCB_FLAG_RESFD = 1;
    private static final int RWF_DSYNC = 2;
    private static final int IOCB_CMD_PREAD = 0;
    private static final int IOCB_CMD_PWRITE = 1;
    private static final int IOCB_CMD_FSYNC = 2;
    /** struct io_event. */
    private static final int EVENT_BYTES = 32;

    private static final int EVENT_RESULT = 16;

    private final Libc libc;
    private final UserProcessor memory;
    private final DescriptorDisk disk;
    private final long context;
    private final int eventDescriptor;
    private final long iocbs;
    private final long list;
    private final long events;
    private final DiskRequest[] underWay = new DiskRequest[REQUESTS_MAX];
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<Integer> collected = new ArrayList<>();
    private final Queue<DiskRequest> completed = new ArrayDeque<>();
    private boolean polled;

    private AsynchronousDisk(Libc libc, DescriptorDisk disk, long context) {
        this.libc = libc;
        this.disk = disk;
        this.context = context;
        memory = libc.processor();
        eventDescriptor = (int) check(
                libc.raw().call(SystemCallNumber.EVENTFD2, 0, OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC), "eventfd2");
        iocbs = libc.mmap((long) REQUESTS_MAX * (IOCB_BYTES + Long.BYTES + EVENT_BYTES));
        list = iocbs + (long) REQUESTS_MAX * IOCB_BYTES;
        events = list + (long) REQUESTS_MAX * Long.BYTES;
        for (int slot = 0; slot < REQUESTS_MAX; slot++) {
            free.add(slot);
        }
    }

    /**
     * Opens a disk: with requests side by side where the kernel and the file can, else one after the other.
     *
     * @throws SystemCallException as {@link DescriptorDisk} says
     */
    public static Disk open(Libc libc, String path, boolean readOnly) {
        DescriptorDisk disk = new DescriptorDisk(libc, path, readOnly);
        if (!disk.isBlockDevice()) {
            return disk;
        }
        try (Arena arena = libc.arena()) {
            long number = arena.allocate(Long.BYTES);
            libc.processor().storeLong(number, 0);
            long result = libc.raw().call(SystemCallNumber.IO_SETUP, REQUESTS_MAX, number);
            if (result == -Errno.ENOSYS) {
                return disk;
            }
            check(result, "io_setup");
            return new AsynchronousDisk(libc, disk, libc.processor().loadLong(number));
        }
    }

    @Override
    public long sizeBytes() {
        return disk.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return disk.blockBytes();
    }

    @Override
    public boolean isReadOnly() {
        return disk.isReadOnly();
    }

    @Override
    public boolean canTrim() {
        return disk.canTrim();
    }

    @Override
    public boolean canZeroFast() {
        return disk.canZeroFast();
    }

    @Override
    public int read(long address, long offset, int length) {
        return disk.read(address, offset, length);
    }

    @Override
    public void start(DiskRequest request) {
        if (request.operation() == Operation.TRIM || request.operation() == Operation.ZERO) {
            disk.start(request);
            completed.add(disk.completed());
            return;
        }
        int slot = free.remove();
        underWay[slot] = request;
        long iocb = iocbs + (long) slot * IOCB_BYTES;
        memory.storeLong(iocb + IOCB_DATA, slot);
        boolean durable = request.operation() == Operation.WRITE && request.isForcedUnitAccess();
        memory.storeInt(iocb + IOCB_RW_FLAGS, durable ? RWF_DSYNC : 0);
        memory.storeInt(
                iocb + IOCB_OPCODE,
                switch (request.operation()) {
                    case READ -> IOCB_CMD_PREAD;
                    case WRITE -> IOCB_CMD_PWRITE;
                    default -> IOCB_CMD_FSYNC;
                });
        boolean hasData = request.operation() != Operation.FLUSH;
        memory.storeInt(iocb + IOCB_DESCRIPTOR, disk.descriptorNumber());
        memory.storeLong(iocb + IOCB_BUFFER, hasData ? request.buffer() : 0);
        memory.storeLong(iocb + IOCB_LENGTH, hasData ? request.diskLength() : 0);
        memory.storeLong(iocb + IOCB_OFFSET, hasData ? request.diskOffset() : 0);
        memory.storeInt(iocb + IOCB_FLAGS, IOCB_FLAG_RESFD);
        memory.storeInt(iocb + IOCB_EVENT_DESCRIPTOR, eventDescriptor);
        collected.add(slot);
    }

    /** Hands over what has been collected. What the kernel refuses has completed with its error. */
    private void submit() {
        while (!collected.isEmpty()) {
            for (int i = 0; i < collected.size(); i++) {
                memory.storeLong(list + (long) i * Long.BYTES, iocbs + (long) collected.get(i) * IOCB_BYTES);
            }
            long result = libc.raw().call(SystemCallNumber.IO_SUBMIT, context, collected.size(), list);
            if (result > 0) {
                collected.subList(0, (int) result).clear();
            } else if (result == -Errno.EAGAIN && REQUESTS_MAX - free.size() > collected.size()) {
                reap(1);
            } else if (result != -Errno.EINTR) {
                end(collected.removeFirst(), result);
            }
        }
    }

    private void reap(int least) {
        long count = libc.raw().call(SystemCallNumber.IO_GETEVENTS, context, least, REQUESTS_MAX, events, 0, 0);
        if (count == -Errno.EINTR) {
            return;
        }
        check(count, "io_getevents");
        for (int i = 0; i < count; i++) {
            long event = events + (long) i * EVENT_BYTES;
            end((int) memory.loadLong(event), memory.loadLong(event + EVENT_RESULT));
        }
    }

    private void end(int slot, long result) {
        DiskRequest request = underWay[slot];
        underWay[slot] = null;
        free.add(slot);
        if (Errno.isError(result)) {
            request.complete((int) -result);
        } else {
            boolean whole = request.operation() == Operation.FLUSH || result == request.diskLength();
            request.complete(whole ? 0 : Errno.EIO);
        }
        completed.add(request);
    }

    @Override
    public DiskRequest completed() {
        submit();
        if (completed.isEmpty() && free.size() < REQUESTS_MAX) {
            if (polled) {
                polled = false;
                libc.raw().read(eventDescriptor, events, Long.BYTES); // Takes the count, so that the next poll waits.
            }
            reap(0);
        }
        return completed.poll();
    }

    @Override
    public void await() {
        submit();
        while (completed.isEmpty()) {
            reap(1);
        }
    }

    @Override
    public int descriptor() {
        submit();
        polled = true;
        return eventDescriptor;
    }

    private static long check(long result, String call) {
        if (Errno.isError(result)) {
            throw SystemCallException.of((int) -result, call, null);
        }
        return result;
    }
}
