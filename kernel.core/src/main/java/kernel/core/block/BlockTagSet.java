// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.ENODEV;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kernel.api.block.BlockDriver;
import kernel.api.block.BlockDriver.TimeoutAction;
import kernel.api.block.BlockRequest;
import kernel.api.block.TagSet;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.core.execution.SoftTimer;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.execution.WorkQueue;

/** The hardware queues of a controller, and the watch over what is in flight on them (Linux: struct blk_mq_tag_set, block/blk-timeout.c). */
final class BlockTagSet implements TagSet {
    private static final long NOT_ARMED = Long.MAX_VALUE;

    private final BlockLayer layer;
    private final int depth;
    private final long timeoutNanos;
    private final HardwareQueue[] queues;
    private final AtomicInteger quiesced = new AtomicInteger();
    private final AtomicLong armedFor = new AtomicLong(NOT_ARMED);
    private final SoftTimer timer;
    private final WorkQueue.Item timeoutWork;
    private final WaitQueueHead senders;
    private final WaitQueueHead drainers;
    private final BooleanSupplier nobodySends = this::isNobodySending;
    private final BooleanSupplier nothingInFlight = this::isNothingInFlight;
    private volatile BlockDriver driver;

    BlockTagSet(BlockLayer layer, BlockDriver driver, int queueCount, int depth, long timeoutNanos) {
        this.layer = layer;
        this.driver = driver;
        this.depth = depth;
        this.timeoutNanos = timeoutNanos;
        senders = layer.newWaitQueue("blk_mq_quiesce_queue");
        drainers = layer.newWaitQueue("blk_mq_wait_quiesce_done");
        timeoutWork = layer.newWork("blk_mq_timeout_work", this::handleTimeouts);
        timer = new SoftTimer(context -> {
            armedFor.set(NOT_ARMED);
            timeoutWork.queue(context);
        });
        queues = new HardwareQueue[queueCount];
        for (int i = 0; i < queueCount; i++) {
            queues[i] = new HardwareQueue(this, i, depth);
        }
    }

    BlockLayer layer() {
        return layer;
    }

    /** Null when it has gone. */
    BlockDriver driver() {
        return driver;
    }

    HardwareQueue queue(int number) {
        return queues[number];
    }

    /** Which queue a processor sends by (Linux: blk_mq_map_queues). */
    int queueOf(int processor, int processors) {
        return queues.length >= processors ? processor : processor * queues.length / processors;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public int queues() {
        return queues.length;
    }

    @Override
    public int depth() {
        return depth;
    }

    // ---- quiet

    boolean isQuiesced() {
        return quiesced.get() > 0;
    }

    @Override
    public void quiesce(ProcessContext context) {
        quiesced.incrementAndGet();
        senders.waitEvent(context, nobodySends);
    }

    private boolean isNobodySending() {
        for (HardwareQueue queue : queues) {
            if (queue.isSending()) {
                return false;
            }
        }
        return true;
    }

    /** A queue has sent what it could. */
    void sent(Context context) {
        if (isQuiesced()) {
            senders.wakeUpAll(context);
        }
    }

    @Override
    public void unquiesce(ProcessContext context) {
        if (quiesced.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
            throw new IllegalStateException("unquiesce without a quiesce");
        }
        runAll(context);
    }

    void runAll(Context context) {
        for (HardwareQueue queue : queues) {
            queue.run(context);
        }
    }

    @Override
    public void drain(ProcessContext context) {
        drainers.waitEvent(context, nothingInFlight);
    }

    private boolean isNothingInFlight() {
        for (HardwareQueue queue : queues) {
            if (queue.inFlightCount() > 0) {
                return false;
            }
        }
        return true;
    }

    /** A queue has nothing in flight any more. Any context. */
    void drained(Context context) {
        drainers.wakeUpAll(context);
    }

    @Override
    public void forEachInFlight(ProcessContext context, Consumer<BlockRequest> action) {
        forEachHeld(context, Long.MAX_VALUE, (queue, request) -> action.accept(request));
    }

    private interface Visitor {
        void visit(HardwareQueue queue, Request request);
    }

    private void forEachHeld(ProcessContext context, long overdueAt, Visitor visitor) {
        for (HardwareQueue queue : queues) {
            for (int tag = 0; tag < depth; tag++) {
                Request request = queue.hold(tag, overdueAt);
                if (request != null) {
                    try {
                        visitor.visit(queue, request);
                    } finally {
                        queue.letGo(context, request);
                    }
                }
            }
        }
    }

    // ---- timeouts

    /** Something is about to be under way until then at the latest. Any context. */
    void expectCompletion(Context context, long deadlineNanos, long now) {
        long armed = armedFor.get();
        if (deadlineNanos < armed && armedFor.compareAndSet(armed, deadlineNanos)) {
            timer.arm(context, deadlineNanos - now);
        }
    }

    /** In a kernel worker: the driver is asked about each request that has been under way for too long. */
    private void handleTimeouts(ProcessContext context) {
        long now = context.nanoTime();
        forEachHeld(context, now, (queue, request) -> {
            BlockDriver asked = driver;
            if (asked == null) {
                request.complete(context, -ENODEV);
            } else if (asked.timedOut(context, request) == TimeoutAction.WAIT_AGAIN
                    || request.state.get() == Request.IN_FLIGHT) {
                queue.waitAgain(request, context.nanoTime() + timeoutNanos);
            }
        });
        long earliest = Long.MAX_VALUE;
        for (HardwareQueue queue : queues) {
            earliest = Math.min(earliest, queue.earliestDeadline());
        }
        if (earliest != Long.MAX_VALUE) {
            expectCompletion(context, earliest, context.nanoTime());
        }
    }

    // ---- the end

    /**
     * The driver has gone. What it did not hand back fails now, so that nobody waits for ever. May sleep.
     *
     * @return how many that were
     */
    int close(Task task) {
        timer.disableForGood();
        timer.cancelAndWait(task);
        timeoutWork.disableForGood();
        timeoutWork.cancel(task);
        quiesced.incrementAndGet();
        senders.waitEvent(task, nobodySends);
        driver = null;
        int[] left = new int[1];
        forEachInFlight(task, request -> {
            left[0]++;
            request.complete(task, -ENODEV);
        });
        runAll(task);
        for (HardwareQueue queue : queues) {
            queue.close(task);
        }
        return left[0];
    }
}
