// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ETIMEDOUT;

import hardware.ssd.registers.PhysicalRegions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.dma.CoherentMemory;
import kernel.api.interrupt.InterruptResult;
import kernel.api.lock.SpinLock;
import kernel.api.module.KernelLog;
import kernel.api.wait.Completion;

/** The admin queue: commands to be waited for in process context, and others whose end a function is told. */
final class AdminQueue {
    /** The most bytes that a command moves. */
    static final int DATA_BYTES_MAX = PhysicalRegions.PAGE_BYTES;

    private static final int SLOTS = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** What became of a command: a negative errno when nothing came back, else the device's status and result. */
    record Reply(int status, int result) {
        boolean isSuccess() {
            return status == 0;
        }

        int errno() {
            return status < 0 ? status : StatusCode.errno(status);
        }

        String text() {
            return status < 0 ? "errno " + status : StatusCode.text(status);
        }
    }

    /** Is told what became of a command that nobody waits for. Any context; must not sleep. */
    interface Handler {
        void done(Context context, Reply reply);
    }

    /** A place for a command under way. */
    private static final class Slot {
        private final int tag;
        private final CommandTicket ticket;
        private final long buffer;
        private final Completion done;
        private Handler handler;
        private Reply reply;
        /** Whoever waited for it does so no longer; under the lock. */
        private boolean abandoned;

        Slot(BoundDevice device, int tag) {
            this.tag = tag;
            ticket = new CommandTicket(tag);
            buffer = (long) tag * DATA_BYTES_MAX;
            done = device.completion("ssd admin command");
        }
    }

    private final KernelLog log;
    private final StrayCompletions strays;
    private final QueuePair queue;
    private final CoherentMemory buffers;
    private final SpinLock lock;
    private final Completion free;
    private final long timeoutNanos;
    private final Consumer<Context> stuck;
    private final Slot[] slots = new Slot[SLOTS];
    private final int[] freeTags = new int[SLOTS];
    private int freeCount;

    /**
     * Allocates it.
     *
     * @param stuck called in process context when a command did not come back in time
     */
    AdminQueue(BoundDevice device, long timeoutSeconds, Consumer<Context> stuck) {
        log = device.log();
        strays = new StrayCompletions(log);
        queue = new QueuePair(device, 0, SLOTS + 1, this::completed);
        buffers = QueuePair.allocate(device, (long) SLOTS * DATA_BYTES_MAX);
        lock = device.spinLock("ssd admin queue");
        free = device.completion("ssd admin slot");
        timeoutNanos = timeoutSeconds * NANOS_PER_SECOND;
        this.stuck = stuck;
        for (int tag = 0; tag < SLOTS; tag++) {
            slots[tag] = new Slot(device, tag);
            freeTags[freeCount++] = SLOTS - 1 - tag;
            free.complete(device.initContext());
        }
    }

    QueuePair queue() {
        return queue;
    }

    InterruptResult interrupt(Context context) {
        return queue.poll(context) ? InterruptResult.HANDLED : InterruptResult.NONE;
    }

    /** Sends a command without data and waits for its end. May sleep. */
    Reply execute(ProcessContext context, AdminCommand command) {
        return execute(context, command, null, 0, false, timeoutNanos);
    }

    /** Sends a command that answers so many bytes and waits for them. May sleep. */
    Reply read(ProcessContext context, AdminCommand command, ByteBuffer data) {
        if (data.arrayOffset() != 0) {
            throw new IllegalArgumentException("not a buffer of newBuffer");
        }
        return execute(context, command, data.array(), data.capacity(), false, timeoutNanos);
    }

    /** A place for the answer to {@link #read}. */
    static ByteBuffer newBuffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Sends a command and waits for its end. May sleep.
     *
     * @param length bytes of data, at most {@link #DATA_BYTES_MAX}
     * @param toDevice whether the data goes to the device; it comes back from it otherwise
     */
    Reply execute(
            ProcessContext context, AdminCommand command, byte[] data, int length, boolean toDevice, long timeout) {
        if (free.await(context) != 0) {
            return new Reply(-ENODEV, 0);
        }
        Slot slot = takeSlot(context);
        if (length > 0) {
            buffers.clear(slot.buffer, DATA_BYTES_MAX);
            if (toDevice) {
                buffers.write(slot.buffer, data, 0, length);
            }
        }
        slot.done.reset();
        send(context, slot, command, length > 0 ? buffers.busAddress() + slot.buffer : command.address());
        Reply reply = await(context, slot, command, timeout);
        if (reply.isSuccess() && length > 0 && !toDevice) {
            buffers.read(slot.buffer, data, 0, length);
        }
        if (reply.status() != -ETIMEDOUT && reply.status() != -ENODEV) {
            give(context, slot);
        }
        return reply;
    }

    /** The slot of a command that has not come back stays taken: the device may still write there. */
    private Reply await(ProcessContext context, Slot slot, AdminCommand command, long timeout) {
        long left = slot.done.awaitTimeout(context, timeout);
        if (left == 0) {
            queue.poll(context);
            if (slot.done.tryTake()) {
                log.warn("admin command 0x%x timeout, completion polled".formatted(command.opcode()));
                return slot.reply;
            }
        }
        if (left > 0 || isOver(context, slot)) {
            return slot.reply;
        }
        if (left < 0) {
            return new Reply(-ENODEV, 0);
        }
        log.warn("admin command 0x%x timeout".formatted(command.opcode()));
        stuck.accept(context);
        return new Reply(-ETIMEDOUT, 0);
    }

    /** Whether it has come back after all; if not it is abandoned. */
    private boolean isOver(Context context, Slot slot) {
        boolean flags = lock.lockIrqSave(context);
        boolean over = slot.done.isDone();
        slot.abandoned = !over;
        lock.unlockIrqRestore(context, flags);
        return over;
    }

    /** Sends a command that nobody waits for. Any context. False when there is no room for it. */
    boolean submit(Context context, AdminCommand command, Handler handler) {
        if (!free.tryTake()) {
            return false;
        }
        Slot slot = takeSlot(context);
        slot.handler = handler;
        send(context, slot, command, command.address());
        return true;
    }

    private Slot takeSlot(Context context) {
        boolean flags = lock.lockIrqSave(context);
        Slot slot = slots[freeTags[--freeCount]];
        slot.handler = null;
        slot.abandoned = false;
        slot.reply = null;
        lock.unlockIrqRestore(context, flags);
        return slot;
    }

    private void give(Context context, Slot slot) {
        boolean flags = lock.lockIrqSave(context);
        freeTags[freeCount++] = slot.tag;
        lock.unlockIrqRestore(context, flags);
        free.complete(context);
    }

    private void send(Context context, Slot slot, AdminCommand command, long address) {
        boolean flags = lock.lockIrqSave(context);
        int commandId = slot.ticket.prepare();
        queue.put(
                command.opcode(),
                commandId,
                command.namespace(),
                address,
                0,
                command.words10(),
                command.words12(),
                command.words14());
        slot.ticket.issue(commandId);
        queue.ring(context);
        lock.unlockIrqRestore(context, flags);
    }

    private void completed(Context context, int forQueue, int commandId, int status, int result) {
        int tag = CommandTicket.tagOf(commandId);
        if (forQueue == 0 && tag < SLOTS && slots[tag].ticket.take(commandId)) {
            end(context, slots[tag], new Reply(status, result));
        } else {
            strays.note(forQueue, commandId);
        }
    }

    /** By whoever took the ticket. */
    private void end(Context context, Slot slot, Reply reply) {
        Handler handler = slot.handler;
        boolean flags = lock.lockIrqSave(context);
        slot.reply = reply;
        boolean waitedFor = handler == null && !slot.abandoned;
        if (waitedFor) {
            slot.done.complete(context);
        }
        lock.unlockIrqRestore(context, flags);
        if (!waitedFor) {
            give(context, slot);
        }
        if (handler != null) {
            handler.done(context, reply);
        }
    }

    /** The controller has been reset or is no more: all commands that are under way end with -EINTR. */
    void cancelAll(Context context) {
        for (Slot slot : slots) {
            if (slot.ticket.takeAny()) {
                end(context, slot, new Reply(-EINTR, 0));
            }
        }
    }
}
