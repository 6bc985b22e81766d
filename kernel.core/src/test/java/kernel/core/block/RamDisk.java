// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EIO;

import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.memory.PhysicalMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import kernel.api.block.BlockDriver;
import kernel.api.block.BlockOperation;
import kernel.api.block.BlockRequest;
import kernel.api.block.Disk;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.InterruptResult;
import kernel.core.execution.Execution;
import kernel.core.execution.Interrupts;
import kernel.core.execution.Task;

/**
 * A disk in an array, with its driver. A request takes as long as the test says, moves its data at its end and comes back by an interrupt of its queue;
 * with no latency at all it comes back before it was sent.
 */
final class RamDisk implements BlockDriver {
    static final long INLINE = 0;

    private record Done(BlockRequest request, int error) {}

    private final Execution execution;
    private final byte[] durable;
    /** What a read sees; {@link #durable} is what a power cut leaves. */
    private final byte[] content;

    private final List<InterruptLine> lines = new ArrayList<>();
    private final List<Interrupts.Action> actions = new ArrayList<>();
    private final List<Queue<Done>> done = new ArrayList<>();
    private final boolean[] inside;
    /** What reached the driver, in order. */
    final List<String> log = new ArrayList<>();

    ToLongFunction<BlockRequest> latencyNanos = request -> 1_000;
    Predicate<BlockRequest> isBusy = request -> false;
    Predicate<BlockRequest> fails = request -> false;
    Predicate<BlockRequest> isLost = request -> false;
    BiFunction<ProcessContext, BlockRequest, TimeoutAction> onTimeout = (context, request) -> {
        request.complete(context, -EIO);
        return TimeoutAction.DONE;
    };
    boolean writeCache;
    int commits;
    int inHand;
    int mostInHand;

    RamDisk(Execution execution, int queues, long sectors) {
        this.execution = execution;
        durable = new byte[(int) (sectors << 9)];
        content = new byte[(int) (sectors << 9)];
        inside = new boolean[queues];
        for (int i = 0; i < queues; i++) {
            InterruptLine line = execution.machine().interrupts().allocate("ram" + i, Trigger.EDGE, 16);
            Queue<Done> ready = new ArrayDeque<>();
            lines.add(line);
            done.add(ready);
            actions.add(execution.interrupts().request(line, "ram" + i, context -> {
                for (Done next = poll(ready); next != null; next = poll(ready)) {
                    next.request().complete(context, next.error());
                }
                return InterruptResult.HANDLED;
            }));
        }
    }

    /** The driver gives its lines back: nothing completes any more. */
    void stop(Task task) {
        for (int i = 0; i < actions.size(); i++) {
            execution.interrupts().free(task, lines.get(i), actions.get(i));
        }
        actions.clear();
    }

    private static Done poll(Queue<Done> ready) {
        synchronized (ready) {
            return ready.poll();
        }
    }

    byte[] content() {
        return content;
    }

    byte[] durable() {
        return durable;
    }

    @Override
    public int queueRequest(Context context, BlockRequest request, boolean last) {
        int queue = request.queue();
        if (inside[queue]) {
            throw new AssertionError("two processors send by one queue");
        }
        inside[queue] = true;
        try {
            if (isBusy.test(request)) {
                return -EBUSY;
            }
            synchronized (log) {
                log.add(text(request));
                mostInHand = Math.max(mostInHand, ++inHand);
            }
            if (isLost.test(request)) {
                return 0;
            }
            long latency = latencyNanos.applyAsLong(request);
            if (latency == INLINE) {
                request.complete(context, perform(request));
                return 0;
            }
            execution
                    .machine()
                    .timeline()
                    .event("ram disk", () -> end(queue, request))
                    .scheduleIn(latency);
            return 0;
        } finally {
            inside[queue] = false;
        }
    }

    private static String text(BlockRequest request) {
        return "%s%s %d+%d"
                .formatted(
                        request.operation(),
                        request.isForcedUnitAccess() ? " fua" : "",
                        request.sector(),
                        request.bytes() >> 9);
    }

    @Override
    public void commit(Context context, int queue) {
        commits++;
    }

    private void end(int queue, BlockRequest request) {
        Done result = new Done(request, perform(request));
        Queue<Done> ready = done.get(queue);
        synchronized (ready) {
            ready.add(result);
        }
        lines.get(queue).raise();
    }

    private int perform(BlockRequest request) {
        synchronized (log) {
            inHand--;
        }
        if (fails.test(request)) {
            return -EIO;
        }
        int offset = (int) (request.sector() << 9);
        int length = (int) request.bytes();
        switch (request.operation()) {
            case READ, WRITE -> transfer(request, offset);
            case DISCARD, WRITE_ZEROES -> Arrays.fill(content, offset, offset + length, (byte) 0);
            case FLUSH -> System.arraycopy(content, 0, durable, 0, content.length);
        }
        if (request.operation().isWrite() && (!writeCache || request.isForcedUnitAccess())) {
            System.arraycopy(content, offset, durable, offset, length);
        }
        return 0;
    }

    private void transfer(BlockRequest request, int start) {
        PhysicalMemory memory = execution.machine().memory();
        int offset = start;
        for (int i = 0; i < request.data().size(); i++) {
            long address = request.data().physicalAddress(i);
            int bytes = request.data().bytes(i);
            if (request.operation() == BlockOperation.READ) {
                memory.write(address, content, offset, bytes);
            } else {
                memory.read(address, content, offset, bytes);
            }
            offset += bytes;
        }
        if (offset - start != request.bytes()) {
            throw new AssertionError("the memory of " + text(request) + " has " + (offset - start) + " bytes");
        }
    }

    @Override
    public TimeoutAction timedOut(ProcessContext context, BlockRequest request) {
        return onTimeout.apply(context, request);
    }

    @Override
    public Object newRequestData(int queue, int tag) {
        return queue + ":" + tag;
    }

    @Override
    public long ioctl(ProcessContext context, Disk disk, int command, long argument) {
        return command == 0x1234 ? argument + 1 : -kernel.uapi.Errno.ENOTTY;
    }
}
