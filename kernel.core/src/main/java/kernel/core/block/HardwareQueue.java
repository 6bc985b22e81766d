// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.block.BlockDriver;
import kernel.api.context.Context;
import kernel.api.dma.ScatterList;
import kernel.core.execution.Cpu;
import kernel.core.execution.KernelContext;
import kernel.core.execution.Point;
import kernel.core.execution.RawLock;
import kernel.core.execution.SoftTimer;
import kernel.core.execution.Task;
import kernel.core.trace.TraceEvent;

/**
 * A hardware queue: its tags, the requests in flight, and those that go first because they were sent once already (Linux: struct blk_mq_hw_ctx,
 * block/blk-mq.c).
 *
 * <p>Sending is one processor's job at a time: who wants to send while another does leaves it to that one. So nobody spins, and no lock is held while
 * the driver is called.
 */
final class HardwareQueue {
    private static final int IDLE = 0;
    private static final int SENDING = 1;
    private static final int SEND_AGAIN = 2;

    /** After how long the driver is asked again that had no room although it had nothing to do (Linux: BLK_MQ_RESOURCE_DELAY). */
    private static final long BUSY_RETRY_NANOS = 3_000_000;

    private final BlockTagSet tagSet;
    private final int number;
    private final AtomicInteger sending = new AtomicInteger();
    private volatile DiskQueue[] disks = new DiskQueue[0];
    private final SoftTimer retry;
    private int nextDisk;

    private final RawLock lock = new RawLock();
    private final int[] freeTags;
    private int freeTagCount;
    private final Request[] inFlight;
    private final Object[] driverData;
    private final ScatterList[] lists;
    private Request firstReady;
    private Request lastReady;
    private volatile int readyCount;
    /** The driver had no room: nothing is sent before something comes back. */
    private volatile boolean stalled;

    HardwareQueue(BlockTagSet tagSet, int number, int depth) {
        this.tagSet = tagSet;
        this.number = number;
        freeTags = new int[depth];
        inFlight = new Request[depth];
        driverData = new Object[depth];
        lists = new ScatterList[depth];
        for (int tag = 0; tag < depth; tag++) {
            freeTags[depth - 1 - tag] = tag;
            driverData[tag] = tagSet.driver().newRequestData(number, tag);
            lists[tag] = new ScatterList(4);
        }
        freeTagCount = depth;
        retry = new SoftTimer(context -> {
            stalled = false;
            run(context);
        });
    }

    int number() {
        return number;
    }

    int depth() {
        return freeTags.length;
    }

    /** One disk after the other is added and removed, under the lock of the registry. */
    void add(DiskQueue disk) {
        DiskQueue[] more = Arrays.copyOf(disks, disks.length + 1);
        more[disks.length] = disk;
        disks = more;
    }

    void remove(DiskQueue disk) {
        disks = Arrays.stream(disks).filter(other -> other != disk).toArray(DiskQueue[]::new);
    }

    // ---- what waits

    boolean hasWork() {
        if (readyCount > 0) {
            return true;
        }
        for (DiskQueue disk : disks) {
            if (disk.hasWork()) {
                return true;
            }
        }
        return false;
    }

    /** Puts a request in front of all that wait. */
    void addReadyFirst(Request request) {
        lock.acquire();
        request.next = firstReady;
        firstReady = request;
        if (lastReady == null) {
            lastReady = request;
        }
        int ready = readyCount;
        readyCount = ready + 1;
        lock.release();
    }

    /** Puts a request before those in the software queues and the scheduler, after those that are ready already. */
    void addReady(Request request) {
        lock.acquire();
        request.next = null;
        if (lastReady == null) {
            firstReady = request;
        } else {
            lastReady.next = request;
        }
        lastReady = request;
        int ready = readyCount;
        readyCount = ready + 1;
        lock.release();
    }

    private Request takeReady() {
        if (readyCount == 0) {
            return null;
        }
        lock.acquire();
        Request request = firstReady;
        if (request != null) {
            firstReady = request.next;
            if (firstReady == null) {
                lastReady = null;
            }
            request.next = null;
            int ready = readyCount;
            readyCount = ready - 1;
        }
        lock.release();
        return request;
    }

    /** The next one of the disks, which take turns. */
    private Request pollDisks(long now) {
        DiskQueue[] all = disks;
        for (int i = 0; i < all.length; i++) {
            nextDisk = (nextDisk + 1) % all.length;
            Request request = all[nextDisk].poll(now);
            if (request != null) {
                return request;
            }
        }
        return null;
    }

    // ---- sending

    /** Sends what waits, as far as there are tags. Any context; a handler leaves it to the BLOCK softirq. */
    void run(Context context) {
        Cpu cpu = ((KernelContext) context).cpu();
        if (cpu.inHardirq()) {
            tagSet.layer().runLater(cpu, this);
            return;
        }
        if (sending.compareAndSet(IDLE, SENDING) || sending.getAndSet(SEND_AGAIN) == IDLE) {
            cpu.disablePreemption();
            try {
                send(context, cpu, null);
            } finally {
                cpu.enablePreemption();
            }
        }
    }

    /**
     * Sends one request past all queues if nothing waits and nobody else is sending (Linux: blk_mq_try_issue_directly). Not from a handler.
     *
     * @return false when it has to be queued
     */
    boolean trySendDirectly(Context context, Request request) {
        if (readyCount > 0 || stalled || tagSet.isQuiesced() || !sending.compareAndSet(IDLE, SENDING)) {
            return false;
        }
        Cpu cpu = ((KernelContext) context).cpu();
        cpu.disablePreemption();
        try {
            send(context, cpu, request);
        } finally {
            cpu.enablePreemption();
        }
        return true;
    }

    /** By the one who sends, with preemption disabled: until nobody wants more. */
    private void send(Context context, Cpu cpu, Request direct) {
        boolean over = false;
        try {
            if (direct == null) {
                sendAll(context, cpu);
            } else if (tagSet.isQuiesced() || !sendOne(context, cpu, direct, true, direct.startedNanos)) {
                addReadyFirst(direct);
                sendAll(context, cpu);
            }
            while (!sending.compareAndSet(SENDING, IDLE)) {
                sending.set(SENDING);
                sendAll(context, cpu);
            }
            over = true;
        } finally {
            if (!over) {
                // The driver threw. Whoever comes next sends the rest.
                sending.set(IDLE);
            }
        }
        tagSet.sent(context);
    }

    private void sendAll(Context context, Cpu cpu) {
        boolean toldAll = true;
        for (; ; ) {
            int room = room();
            if (room == 0) {
                failThoseOfGoneDisks(context);
                break;
            }
            long now = context.nanoTime();
            Request request = takeReady();
            if (request == null) {
                request = pollDisks(now);
            }
            if (request == null) {
                break;
            }
            boolean last = room == 1 || !hasWork();
            if (sendOne(context, cpu, request, last, now)) {
                toldAll = last;
            } else {
                addReadyFirst(request);
            }
        }
        if (!toldAll) {
            BlockDriver driver = tagSet.driver();
            if (driver != null) {
                driver.commit(context, number);
            }
        }
    }

    /**
     * How many requests may be sent now. Asked under the lock: whoever makes room afterwards will find what waits, for that is there before this is
     * asked.
     */
    private int room() {
        lock.acquire();
        int room = stalled ? 0 : freeTagCount;
        lock.release();
        return tagSet.isQuiesced() ? 0 : room;
    }

    /** False when there is no room: then it is the caller's again. */
    private boolean sendOne(Context context, Cpu cpu, Request request, boolean last, long now) {
        BlockDriver driver = tagSet.driver();
        if (request.disk.isGone() || driver == null) {
            tagSet.layer().ended(context, request, -ENODEV);
            return true;
        }
        if (!takeTag(request)) {
            return false;
        }
        request.mapData();
        request.deadlineNanos = now + tagSet.timeoutNanos();
        tagSet.expectCompletion(context, request.deadlineNanos, now);
        if (tagSet.layer().isTracing()) {
            tagSet.layer().trace(context, TraceEvent.BLOCK_REQUEST_ISSUE, request);
        }
        request.state.set(Request.IN_FLIGHT);
        int result = -EIO;
        boolean returned = false;
        try {
            result = driver.queueRequest(context, request, last);
            returned = true;
        } finally {
            if (!returned) {
                refused(context, request, -EIO);
            }
        }
        // After a success it may have come back already, and be another one.
        if (result == 0) {
            cpu.point(Point.BLOCK);
            return true;
        }
        return refused(context, request, result);
    }

    /** The driver did not take it. False when it is to be sent again. */
    private boolean refused(Context context, Request request, int error) {
        if (error != -EBUSY) {
            request.complete(context, error > 0 ? -error : error);
            return true;
        }
        if (!request.state.compareAndSet(Request.IN_FLIGHT, Request.QUEUED)) {
            reportNotInFlight(context, request, "refuses");
            return true;
        }
        lock.acquire();
        freeTag(request);
        boolean nothingToWaitFor = freeTagCount == freeTags.length;
        stalled = true;
        lock.release();
        if (nothingToWaitFor) {
            retry.arm(context, BUSY_RETRY_NANOS);
        }
        return false;
    }

    private boolean takeTag(Request request) {
        lock.acquire();
        boolean free = freeTagCount > 0;
        if (free) {
            int tag = freeTags[--freeTagCount];
            request.queue = this;
            request.tag = tag;
            request.data = lists[tag];
            request.driverData = driverData[tag];
            inFlight[tag] = request;
        }
        lock.release();
        return free;
    }

    /** Under the lock. */
    private void freeTag(Request request) {
        inFlight[request.tag] = null;
        freeTags[freeTagCount++] = request.tag;
    }

    /** What waits for a disk that has gone waits for nothing. By the one who sends. */
    private void failThoseOfGoneDisks(Context context) {
        for (DiskQueue disk : disks) {
            if (disk.disk().isGone()) {
                long now = context.nanoTime();
                for (Request request = disk.poll(now); request != null; request = disk.poll(now)) {
                    tagSet.layer().ended(context, request, -ENODEV);
                }
            }
        }
        for (Request request = takeReadyOfGoneDisk(); request != null; request = takeReadyOfGoneDisk()) {
            tagSet.layer().ended(context, request, -ENODEV);
        }
    }

    private Request takeReadyOfGoneDisk() {
        lock.acquire();
        Request previous = null;
        Request request = firstReady;
        while (request != null && !request.disk.isGone() && tagSet.driver() != null) {
            previous = request;
            request = request.next;
        }
        if (request != null) {
            if (previous == null) {
                firstReady = request.next;
            } else {
                previous.next = request.next;
            }
            if (lastReady == request) {
                lastReady = previous;
            }
            request.next = null;
            int ready = readyCount;
            readyCount = ready - 1;
        }
        lock.release();
        return request;
    }

    boolean isSending() {
        return sending.get() != IDLE;
    }

    // ---- what comes back

    /** The driver hands a request back. Any context. */
    void completed(Context context, Request request, int error) {
        if (tagSet.layer().isTracing()) {
            tagSet.layer().trace(context, TraceEvent.BLOCK_REQUEST_COMPLETE, request);
        }
        lock.acquire();
        boolean held = request.holds > 0;
        request.finished = held;
        request.outcome = error;
        if (!held) {
            freeTag(request);
        }
        stalled = false;
        boolean empty = freeTagCount == freeTags.length;
        lock.release();
        if (!held) {
            tagSet.layer().ended(context, request, error);
        } else if (request.pool != null) {
            tagSet.layer().account(context, request);
            request.endFragments(context, error);
        }
        makeUseOfRoom(context, empty);
        ((KernelContext) context).cpu().point(Point.BLOCK);
    }

    private void makeUseOfRoom(Context context, boolean empty) {
        if (hasWork()) {
            run(context);
        }
        if (empty) {
            tagSet.drained(context);
        }
    }

    /** The driver wants it sent again. Any context. */
    void requeued(Context context, Request request) {
        if (tagSet.layer().isTracing()) {
            tagSet.layer().trace(context, TraceEvent.BLOCK_REQUEST_REQUEUE, request);
        }
        lock.acquire();
        freeTag(request);
        stalled = false;
        boolean empty = freeTagCount == freeTags.length;
        lock.release();
        addReady(request);
        makeUseOfRoom(context, empty);
    }

    void reportNotInFlight(Context context, Request request, String what) {
        tagSet.layer()
                .report(
                        context,
                        "block: the driver of %s %s %s, which it does not have"
                                .formatted(request.disk.name(), what, request),
                        "reason: a request is the driver's from queueRequest until it completes it, once; by now its tag may be another's");
    }

    int inFlightCount() {
        lock.acquire();
        int count = freeTags.length - freeTagCount;
        lock.release();
        return count;
    }

    // ---- timeouts

    /**
     * The request with that tag if the driver has it, held so that it stays what it is until {@link #letGo}; else null.
     *
     * @param overdueAt only if it should have come back by then, and nobody holds it already
     */
    Request hold(int tag, long overdueAt) {
        lock.acquire();
        Request request = inFlight[tag];
        boolean found = request != null
                && request.state.get() == Request.IN_FLIGHT
                && (overdueAt == Long.MAX_VALUE || (request.holds == 0 && request.deadlineNanos <= overdueAt));
        if (found) {
            request.holds++;
        }
        lock.release();
        return found ? request : null;
    }

    /** After {@link #hold}. If it has come back meanwhile, its tag is free now. */
    void letGo(Context context, Request request) {
        lock.acquire();
        boolean over = --request.holds == 0 && request.finished;
        if (over) {
            request.finished = false;
            freeTag(request);
        }
        boolean empty = freeTagCount == freeTags.length;
        lock.release();
        if (over) {
            // Its bios have been told, but for the flush machine, which would have used it again at once.
            tagSet.layer().ended(context, request, request.outcome);
            makeUseOfRoom(context, empty);
        }
    }

    /** Gives the driver as long again for it. */
    void waitAgain(Request request, long deadlineNanos) {
        lock.acquire();
        request.deadlineNanos = deadlineNanos;
        lock.release();
    }

    /** When the first of those in flight will have been there for too long; Long.MAX_VALUE when none is. */
    long earliestDeadline() {
        long earliest = Long.MAX_VALUE;
        lock.acquire();
        for (Request request : inFlight) {
            if (request != null && request.holds == 0 && request.deadlineNanos < earliest) {
                earliest = request.deadlineNanos;
            }
        }
        lock.release();
        return earliest;
    }

    /** The driver has gone. May sleep. */
    void close(Task task) {
        retry.disableForGood();
        retry.cancelAndWait(task);
        Arrays.fill(driverData, null);
    }
}
