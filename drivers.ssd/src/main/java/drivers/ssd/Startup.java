// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.EIO;

import drivers.ssd.AdminQueue.Reply;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.Feature;
import hardware.ssd.registers.IdentifyCommand;
import hardware.ssd.registers.QueueCommand;
import java.nio.ByteBuffer;
import kernel.api.context.ProcessContext;
import kernel.api.module.KernelLog;

/** The commands by which a controller is brought up and its queues are taken down. What waits is for one caller at a time, in process context. */
final class Startup {
    private static final int COALESCING_UNIT_MICROS = 100;
    private static final int COALESCING_MAX = 0xff;
    private static final int CACHE_USED = 1;

    private final ControlRegisters registers;
    private final AdminQueue admin;
    private final SsdParameters parameters;
    private final KernelLog log;
    private ControllerIdentity identity;
    private int grantedQueues;

    Startup(ControlRegisters registers, AdminQueue admin, SsdParameters parameters, KernelLog log) {
        this.registers = registers;
        this.admin = admin;
        this.parameters = parameters;
        this.log = log;
    }

    /** After {@link #enable}. */
    ControllerIdentity identity() {
        return identity;
    }

    /** How many I/O queues there may be, after {@link #enable}. */
    int grantedQueues() {
        return grantedQueues;
    }

    /** From disabled to a working admin queue. 0 or a negative errno. */
    int enable(ProcessContext context, int wantedQueues) {
        int error = registers.enable(context, admin.queue());
        if (error != 0) {
            return error;
        }
        ByteBuffer page = AdminQueue.newBuffer(IdentifyCommand.BYTES);
        Reply identified = admin.read(context, AdminCommand.identify(IdentifyCommand.CNS_CONTROLLER, 0), page);
        if (!identified.isSuccess()) {
            return failed("identify", identified);
        }
        Reply cache =
                admin.execute(context, AdminCommand.of(AdminOpcode.GET_FEATURES, 0, Feature.VOLATILE_WRITE_CACHE, 0));
        // A controller that does not say whether it uses its cache is taken to use it: a flush too many loses nothing.
        identity = ControllerIdentity.of(page, !cache.isSuccess() || (cache.result() & CACHE_USED) != 0);
        int wanted = wantedQueues - 1;
        Reply queues = admin.execute(
                context, AdminCommand.setFeature(Feature.NUMBER_OF_QUEUES, wanted << Short.SIZE | wanted));
        if (!queues.isSuccess()) {
            return failed("number of queues", queues);
        }
        grantedQueues = Math.min(wantedQueues, Math.min(queues.result() & 0xffff, queues.result() >>> Short.SIZE) + 1);
        setOptional(context);
        return 0;
    }

    /** What works without, too. */
    private void setOptional(ProcessContext context) {
        int completions = Math.clamp(parameters.coalesce_completions() - 1, 0, COALESCING_MAX);
        if (completions > 0) {
            int time = Math.clamp(parameters.coalesce_us() / COALESCING_UNIT_MICROS, 1, COALESCING_MAX);
            warn(
                    "interrupt coalescing",
                    admin.execute(
                            context,
                            AdminCommand.setFeature(Feature.INTERRUPT_COALESCING, time << Byte.SIZE | completions)));
        }
        int events = AsyncEvent.ENABLE_HEALTH | (identity.events() & AsyncEvent.ENABLE_NAMESPACE_CHANGED);
        warn(
                "asynchronous events",
                admin.execute(context, AdminCommand.setFeature(Feature.ASYNC_EVENT_CONFIGURATION, events)));
    }

    private void warn(String what, Reply reply) {
        if (!reply.isSuccess()) {
            failed(what, reply);
        }
    }

    /** Creates a queue that interrupts by the vector of its own number. 0 or a negative errno. */
    int createQueue(ProcessContext context, QueuePair queue) {
        int identifier = ((queue.entries() - 1) << QueueCommand.SIZE_SHIFT) | queue.number();
        Reply completion = admin.execute(
                context,
                AdminCommand.queueAt(
                        AdminOpcode.CREATE_COMPLETION_QUEUE,
                        queue.completionAddress(),
                        identifier,
                        queue.number() << QueueCommand.VECTOR_SHIFT
                                | QueueCommand.INTERRUPTS_ENABLED
                                | QueueCommand.CONTIGUOUS));
        if (!completion.isSuccess()) {
            return failed("create completion queue " + queue.number(), completion);
        }
        Reply submission = admin.execute(
                context,
                AdminCommand.queueAt(
                        AdminOpcode.CREATE_SUBMISSION_QUEUE,
                        queue.submissionAddress(),
                        identifier,
                        queue.number() << QueueCommand.COMPLETION_QUEUE_SHIFT | QueueCommand.CONTIGUOUS));
        return submission.isSuccess() ? 0 : failed("create submission queue " + queue.number(), submission);
    }

    /** Deletes a queue on which nothing is under way. 0 or a negative errno. */
    int deleteQueue(ProcessContext context, QueuePair queue) {
        Reply submission =
                admin.execute(context, AdminCommand.of(AdminOpcode.DELETE_SUBMISSION_QUEUE, 0, queue.number(), 0));
        if (!submission.isSuccess()) {
            return failed("delete submission queue " + queue.number(), submission);
        }
        Reply completion =
                admin.execute(context, AdminCommand.of(AdminOpcode.DELETE_COMPLETION_QUEUE, 0, queue.number(), 0));
        return completion.isSuccess() ? 0 : failed("delete completion queue " + queue.number(), completion);
    }

    private int failed(String what, Reply reply) {
        log.warn(what + ": " + reply.text());
        return reply.status() < 0 ? reply.status() : -EIO;
    }
}
