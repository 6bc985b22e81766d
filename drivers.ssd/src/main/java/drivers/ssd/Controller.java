// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;

import java.util.concurrent.atomic.AtomicReference;
import kernel.api.block.BlockDriver;
import kernel.api.block.TagSet;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.ProbeException;
import kernel.api.interrupt.Work;
import kernel.api.module.KernelLog;

/**
 * The controller through its life: brought up, reset when it does not answer, given up when that does not help, shut down when the driver goes.
 *
 * <p>A reset is a work item. It lets no request through, disables the controller, so that it touches no memory any more, and hands back whatever was under
 * way to be sent again. A command that comes back meanwhile and its cancellation agree by the command's ticket.
 */
final class Controller {
    /** Where it is in its life. */
    enum State {
        LIVE,
        /** A reset has been asked for or is going on; requests wait. */
        RESETTING,
        /** The driver goes. */
        REMOVING,
        /** Given up: every request fails. */
        DEAD
    }

    private static final int RESET_ATTEMPTS = 3;
    private static final int QUEUES_MAX = 64;
    private static final int DEPTH_MAX = 1023;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final BoundDevice device;
    private final KernelLog log;
    private final ControlRegisters registers;
    private final AdminQueue admin;
    private final Startup startup;
    private final Work resetWork;
    private final AtomicReference<State> state = new AtomicReference<>(State.RESETTING);
    private final IoQueue[] queues;
    private volatile boolean takesRequests;
    // Set by the probe before anything can go wrong.
    private TagSet tags;
    private Work.Function afterReset;
    private Work.Function afterDeath;

    /**
     * Brings it up as far as its queues. Process context of the probe; what it throws leaves a controller that is disabled.
     *
     * @throws ProbeException ENODEV, EIO, ETIMEDOUT: it does not start; ENOMEM
     */
    Controller(BoundDevice device, SsdParameters parameters) {
        this.device = device;
        log = device.log();
        ProcessContext context = device.initContext();
        registers = new ControlRegisters(device);
        check("disable", registers.disable(context));
        admin = new AdminQueue(device, parameters.admin_timeout(), given -> requestReset(given, "admin command"));
        startup = new Startup(registers, admin, parameters, log);
        resetWork = device.work("ssd reset", this::reset);
        device.requestInterrupt(0, device.name() + "q0", admin::interrupt);
        boolean up = false;
        try {
            check("start", startup.enable(context, wantedQueues(parameters)));
            queues = new IoQueue[startup.grantedQueues()];
            int depth = Math.clamp(parameters.queue_depth(), 2, Math.min(DEPTH_MAX, registers.queueEntriesMax() - 1));
            for (int i = 0; i < queues.length; i++) {
                IoQueue queue = new IoQueue(device, i + 1, depth, parameters.max_retries());
                queues[i] = queue;
                int processor = firstProcessor(i);
                device.requestInterrupt(i + 1, device.name() + "q" + (i + 1), processor, queue::interrupt);
                check("queue " + (i + 1), startup.createQueue(context, queue.queue()));
            }
            up = true;
        } finally {
            if (!up) {
                registers.disable(context);
            }
        }
    }

    private void check(String what, int error) {
        if (error != 0) {
            throw new ProbeException(-error, device.name() + ": " + what);
        }
    }

    private int wantedQueues(SsdParameters parameters) {
        int most = Math.min(QUEUES_MAX, device.interruptCount() - 1);
        if (most < 1) {
            throw new ProbeException(ENODEV, device.name() + " has no interrupt line for an I/O queue");
        }
        return Math.clamp(parameters.queues() > 0 ? parameters.queues() : device.processors(), 1, most);
    }

    /** The first of the processors that send by a queue (see {@link kernel.api.block.BlockServices#newTagSet}): completions come where requests come from. */
    private int firstProcessor(int queue) {
        int processors = device.processors();
        return queues.length >= processors
                ? queue % processors
                : (queue * processors + queues.length - 1) / queues.length;
    }

    /**
     * Lets requests in.
     *
     * @param whenReset run after a reset that helped
     * @param whenDead run when it has been given up
     */
    void open(BlockDriver driver, SsdParameters parameters, Work.Function whenReset, Work.Function whenDead) {
        afterReset = whenReset;
        afterDeath = whenDead;
        tags = device.block()
                .newTagSet(driver, queues.length, queues[0].depth(), parameters.io_timeout() * NANOS_PER_SECOND);
        takesRequests = true;
        state.set(State.LIVE);
    }

    State state() {
        return state.get();
    }

    /** Whether requests are to be sent; they fail otherwise. */
    boolean takesRequests() {
        return takesRequests;
    }

    ControlRegisters registers() {
        return registers;
    }

    AdminQueue admin() {
        return admin;
    }

    ControllerIdentity identity() {
        return startup.identity();
    }

    TagSet tags() {
        return tags;
    }

    int queueCount() {
        return queues.length;
    }

    IoQueue queue(int index) {
        return queues[index];
    }

    // ---- reset

    /** Asks for a reset unless there is one or the end is near. Any context. */
    void requestReset(Context context, String why) {
        if (state.compareAndSet(State.LIVE, State.RESETTING)) {
            log.warn(why + " timeout, reset controller");
            resetWork.queue(context);
        }
    }

    private void reset(ProcessContext context) {
        tags.quiesce(context);
        int error = -EIO;
        for (int attempt = 0; attempt < RESET_ATTEMPTS && error != 0 && state.get() == State.RESETTING; attempt++) {
            error = restart(context);
            if (error == -ENODEV) {
                break;
            }
        }
        boolean live = error == 0 && state.compareAndSet(State.RESETTING, State.LIVE);
        boolean dead = !live && state.compareAndSet(State.RESETTING, State.DEAD);
        if (dead) {
            log.error("disabling device after reset failure: " + error);
            halt(context, error == -ENODEV ? -ENODEV : -EIO);
        }
        tags.unquiesce(context);
        if (live) {
            afterReset.run(context);
        } else if (dead) {
            afterDeath.run(context);
        }
    }

    private int restart(ProcessContext context) {
        int error = registers.disable(context);
        if (error != 0) {
            return error;
        }
        poll(context);
        admin.cancelAll(context);
        for (IoQueue queue : queues) {
            queue.cancelAll(context, 0);
            queue.queue().clear(context);
        }
        admin.queue().clear(context);
        error = startup.enable(context, queues.length);
        if (error == 0 && startup.grantedQueues() < queues.length) {
            log.error("%d I/O queues after the reset, %d before".formatted(startup.grantedQueues(), queues.length));
            error = -EIO;
        }
        for (int i = 0; i < queues.length && error == 0; i++) {
            error = startup.createQueue(context, queues[i].queue());
        }
        return error;
    }

    /** What had come back before the end counts. */
    private void poll(Context context) {
        admin.queue().poll(context);
        for (IoQueue queue : queues) {
            queue.queue().poll(context);
        }
    }

    /** The end: the controller is disabled if it is there, what is under way fails. Nobody is in queueRequest. May sleep. */
    private void halt(ProcessContext context, int error) {
        takesRequests = false;
        registers.disable(context);
        poll(context);
        for (IoQueue queue : queues) {
            queue.cancelAll(context, error);
        }
        admin.cancelAll(context);
    }

    // ---- the end

    /** A request does not come back while the driver waits for the last ones: it waits no longer. May sleep. */
    void abandon(ProcessContext context) {
        tags.quiesce(context);
        halt(context, -ENODEV);
        tags.unquiesce(context);
    }

    /**
     * The driver goes; the disks have been removed. What is under way is waited for, the queues are deleted, and the write cache is put on flash. If the
     * controller does not answer, or is not there any more, what is under way fails with ENODEV. May sleep.
     */
    void remove(ProcessContext context) {
        boolean wasLive = state.getAndSet(State.REMOVING) == State.LIVE;
        resetWork.cancel(context);
        if (wasLive && !registers.isGone(context) && !registers.isFatal(context)) {
            tags.drain(context);
        }
        if (wasLive && takesRequests && !registers.isGone(context)) {
            shutDown(context);
        }
        abandon(context);
    }

    private void shutDown(ProcessContext context) {
        int error = 0;
        for (int i = queues.length - 1; i >= 0 && error == 0; i--) {
            error = startup.deleteQueue(context, queues[i].queue());
        }
        error = registers.shutDown(context);
        if (error != 0) {
            log.error("shutdown failed, error " + error + ": what was in the write cache may be lost");
        }
    }
}
