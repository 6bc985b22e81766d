// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.ENODEV;

import drivers.ssd.AdminQueue.Reply;
import drivers.ssd.Controller.State;
import hardware.ssd.registers.AdminOpcode;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.block.BlockDriver;
import kernel.api.block.BlockRequest;
import kernel.api.block.Disk;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.module.KernelLog;

/** What the block layer asks of the driver: requests on their way, and what to do about one that takes too long (Linux: nvme_queue_rq, nvme_timeout). */
final class SsdBlockDriver implements BlockDriver {
    private final Controller controller;
    private final AdminPassthrough passthrough;
    private final KernelLog log;
    private final AtomicInteger abortsLeft;

    SsdBlockDriver(Controller controller, AdminPassthrough passthrough, KernelLog log) {
        this.controller = controller;
        this.passthrough = passthrough;
        this.log = log;
        abortsLeft = new AtomicInteger(controller.identity().abortsMax());
    }

    @Override
    public int queueRequest(Context context, BlockRequest request, boolean last) {
        return controller.takesRequests() ? controller.queue(request.queue()).send(context, request, last) : -ENODEV;
    }

    @Override
    public void commit(Context context, int queue) {
        controller.queue(queue).queue().ring(context);
    }

    @Override
    public long ioctl(ProcessContext context, Disk disk, int command, long argument) {
        return passthrough.ioctl(context, disk, command, argument);
    }

    @Override
    public TimeoutAction timedOut(ProcessContext context, BlockRequest request) {
        IoQueue queue = controller.queue(request.queue());
        IoCommand command = queue.command(request.tag());
        int commandId = command.ticket.current();
        queue.queue().poll(context);
        if (commandId == CommandTicket.NONE || command.ticket.current() != commandId) {
            log.warn("I/O tag %d (%04x) QID %d timeout, completion polled"
                    .formatted(request.tag(), commandId & 0xffff, queue.queue().number()));
            return TimeoutAction.DONE;
        }
        if (controller.state() == State.REMOVING) {
            controller.abandon(context);
            return TimeoutAction.DONE;
        }
        if (controller.state() == State.LIVE) {
            recover(context, queue, command, commandId);
        }
        return TimeoutAction.WAIT_AGAIN;
    }

    /** First the one command is aborted; when it does not come back after that either, the controller is reset. */
    private void recover(ProcessContext context, IoQueue queue, IoCommand command, int commandId) {
        String which = "I/O tag %d (%04x) QID %d"
                .formatted(
                        CommandTicket.tagOf(commandId), commandId, queue.queue().number());
        if (controller.registers().isGone(context)) {
            controller.requestReset(context, "device does not answer; " + which);
        } else if (controller.registers().isFatal(context)) {
            controller.requestReset(context, "controller is down (CSTS.CFS); " + which);
        } else if (command.aborted || !abort(context, queue, commandId)) {
            controller.requestReset(context, which);
        } else {
            command.aborted = true;
            log.warn(which + " timeout, aborting");
        }
    }

    private boolean abort(Context context, IoQueue queue, int commandId) {
        if (abortsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return false;
        }
        AdminCommand command = AdminCommand.of(
                AdminOpcode.ABORT, 0, commandId << Short.SIZE | queue.queue().number(), 0);
        boolean sent = controller.admin().submit(context, command, this::abortDone);
        if (!sent) {
            abortsLeft.incrementAndGet();
        }
        return sent;
    }

    private void abortDone(Context context, Reply reply) {
        abortsLeft.incrementAndGet();
        log.warn("abort status: " + (reply.isSuccess() && reply.result() != 0 ? "not aborted" : reply.text()));
    }
}
