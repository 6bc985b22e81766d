// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import hardware.ssd.registers.PhysicalRegions;
import kernel.api.block.BlockRequest;
import kernel.api.block.Disk;
import kernel.api.context.Context;
import kernel.api.device.BoundDevice;
import kernel.api.dma.CoherentMemory;
import kernel.api.dma.Dma;
import kernel.api.interrupt.InterruptResult;
import kernel.api.module.KernelLog;

/**
 * An I/O queue and the commands under way on it. Allocates nothing per request. The block layer sends by one processor at a time; completions come in
 * the interrupt handler, or to whoever polls; a command is finished by whoever takes its ticket.
 */
final class IoQueue {
    private final KernelLog log;
    private final StrayCompletions strays;
    private final Dma dma;
    private final int retriesMax;
    private final QueuePair queue;
    private final IoCommand[] commands;

    /** @param depth commands under way at once */
    IoQueue(BoundDevice device, int number, int depth, int retriesMax) {
        log = device.log();
        strays = new StrayCompletions(log);
        dma = device.dma();
        this.retriesMax = retriesMax;
        queue = new QueuePair(device, number, depth + 1, this::completed);
        CoherentMemory lists = QueuePair.allocate(device, (long) depth * PhysicalRegions.PAGE_BYTES);
        commands = new IoCommand[depth];
        for (int tag = 0; tag < depth; tag++) {
            commands[tag] = new IoCommand(tag, new RegionList(lists, (long) tag * PhysicalRegions.PAGE_BYTES));
        }
    }

    QueuePair queue() {
        return queue;
    }

    /** Commands under way at once. */
    int depth() {
        return commands.length;
    }

    IoCommand command(int tag) {
        return commands[tag];
    }

    /** As {@link kernel.api.block.BlockDriver#queueRequest}. */
    int send(Context context, BlockRequest request, boolean last) {
        IoCommand command = commands[request.tag()];
        int error = command.prepare(context, dma, request);
        if (error == 0) {
            command.put(queue);
        }
        if (last) {
            queue.ring(context);
        }
        return error;
    }

    InterruptResult interrupt(Context context) {
        return queue.poll(context) ? InterruptResult.HANDLED : InterruptResult.NONE;
    }

    private void completed(Context context, int forQueue, int commandId, int status, int result) {
        int tag = CommandTicket.tagOf(commandId);
        if (forQueue == queue.number() && tag < commands.length && commands[tag].ticket.take(commandId)) {
            finish(context, commands[tag], status);
        } else {
            strays.note(forQueue, commandId);
        }
    }

    private void finish(Context context, IoCommand command, int status) {
        BlockRequest request = command.forget(context, dma);
        if (status == 0) {
            request.complete(context, 0);
        } else if (StatusCode.mayBeRetried(status) && request.requeues() < retriesMax) {
            request.requeue(context);
        } else {
            log.error(describe(command.opcode(), request, status));
            request.complete(context, StatusCode.errno(status));
        }
    }

    private static String describe(int opcode, BlockRequest request, int status) {
        Disk disk = request.disk();
        return "%s: %s(0x%x), sector %d, %d bytes: %s"
                .formatted(
                        disk.name(),
                        request.operation(),
                        opcode,
                        request.sector(),
                        request.bytes(),
                        StatusCode.text(status));
    }

    /**
     * Ends all that is under way, for the controller has been reset or is no more and touches no memory.
     *
     * @param error negative errno; 0 to send it once more
     */
    void cancelAll(Context context, int error) {
        for (IoCommand command : commands) {
            if (command.ticket.takeAny()) {
                BlockRequest request = command.forget(context, dma);
                if (error == 0) {
                    request.requeue(context);
                } else {
                    request.complete(context, error);
                }
            }
        }
    }
}
