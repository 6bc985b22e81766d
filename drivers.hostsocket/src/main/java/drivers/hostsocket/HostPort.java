// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import static hardware.hostsocket.registers.PortRegisters.CAUSE_ALL;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_ENABLE;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_RESET;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_SHUTDOWN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_BROKEN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_CONNECTED;
import static hardware.hostsocket.registers.PortRegisters.STATUS_END;
import static hardware.hostsocket.registers.PortRegisters.STATUS_FAULT;
import static hardware.hostsocket.registers.PortRegisters.STATUS_WAITING;
import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.ECONNRESET;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENOMEM;
import static kernel.uapi.Errno.EPIPE;
import static kernel.uapi.PollEvents.POLLERR;
import static kernel.uapi.PollEvents.POLLHUP;
import static kernel.uapi.PollEvents.POLLIN;
import static kernel.uapi.PollEvents.POLLOUT;
import static kernel.uapi.PollEvents.POLLRDNORM;
import static kernel.uapi.PollEvents.POLLWRNORM;

import hardware.hostsocket.registers.PortRegisters;
import hardware.hostsocket.registers.Rings;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.api.context.InterruptContext;
import kernel.api.context.ProcessContext;
import kernel.api.context.SoftirqContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.IoMemory;
import kernel.api.dma.CoherentMemory;
import kernel.api.dma.Dma;
import kernel.api.file.UserBuffer;
import kernel.api.interrupt.InterruptResult;
import kernel.api.interrupt.Tasklet;
import kernel.api.lock.Mutex;
import kernel.api.memory.Gfp;
import kernel.api.wait.PollTable;
import kernel.api.wait.WaitQueue;

/**
 * One port and its connection: opened by one, which waits for a peer; read by one at a time, written by one at a time; the interrupt wakes whoever waits
 * for bytes, room or the end.
 */
final class HostPort {
    /** What a register reads as when the device has been pulled out. */
    private static final int PULLED_OUT = -1;
    /** How long closing waits for the peer to take what was written. */
    private static final long LINGER_NANOS = 1_000_000_000;

    private static final int ANSWERED = STATUS_CONNECTED | STATUS_BROKEN;
    private static final int HUNG_UP = STATUS_END | STATUS_BROKEN;

    private final IoMemory registers;
    private final PortRegisters names;
    private final Dma dma;
    private final WaitQueue changed;
    private final Tasklet bottomHalf;
    private final Mutex reading;
    private final Mutex writing;
    private final AtomicBoolean opened = new AtomicBoolean();
    /** STATUS as the bottom half saw it last. */
    private volatile int status;
    // Of the connection; set while nobody but the one who opens is here.
    private CoherentMemory rings;
    private CoherentMemory buffers;
    private ReceiveRing receive;
    private TransmitRing transmit;

    HostPort(BoundDevice device, int number) {
        String name = device.name() + "-p" + number;
        registers = device.registers();
        names = new PortRegisters(number);
        dma = device.dma();
        changed = device.waitQueue(name);
        bottomHalf = device.tasklet(name, this::look);
        reading = device.mutex(name + " reading");
        writing = device.mutex(name + " writing");
    }

    // ---- interrupt

    /** The top half: acknowledges first, so that what happens from now on interrupts again. */
    InterruptResult interrupt(InterruptContext context) {
        int cause = registers.read(context, names.cause);
        if (cause == 0 || cause == PULLED_OUT) {
            return InterruptResult.NONE;
        }
        registers.write(context, names.acknowledge, cause);
        bottomHalf.schedule(context);
        return InterruptResult.HANDLED;
    }

    private void look(SoftirqContext context) {
        int now = registers.read(context, names.status);
        if (now != PULLED_OUT) {
            status = now;
            changed.wakeUpAll(context);
        }
    }

    // ---- open and close

    int open(ProcessContext context, boolean nonBlocking) {
        if (!opened.compareAndSet(false, true)) {
            return -EBUSY;
        }
        int error = enable(context);
        if (error == 0 && !nonBlocking) {
            error = changed.waitEventInterruptible(context, () -> (status & ANSWERED) != 0);
        }
        if (error != 0) {
            disable(context);
        }
        return error;
    }

    private int enable(ProcessContext context) {
        rings = dma.allocateCoherent(Rings.BYTES, Gfp.KERNEL);
        buffers = dma.allocateCoherent(ReceiveRing.BUFFERS_BYTES + TransmitRing.BUFFERS_BYTES, Gfp.KERNEL);
        if (rings == null || buffers == null) {
            return -ENOMEM;
        }
        receive = new ReceiveRing(registers, names, rings, buffers, 0);
        transmit = new TransmitRing(registers, names, rings, buffers, ReceiveRing.BUFFERS_BYTES);
        status = STATUS_WAITING;
        registers.write(context, names.ringLow, (int) rings.busAddress());
        registers.write(context, names.ringHigh, (int) (rings.busAddress() >>> Integer.SIZE));
        registers.write(context, names.command, COMMAND_ENABLE);
        receive.post(context);
        registers.write(context, names.interruptEnable, CAUSE_ALL);
        return 0;
    }

    void close(ProcessContext context) {
        if ((status & STATUS_CONNECTED) != 0 && !transmit.isEmpty()) {
            registers.write(context, names.command, COMMAND_SHUTDOWN);
            changed.waitEventInterruptibleTimeout(
                    context, () -> transmit.isEmpty() || (status & STATUS_BROKEN) != 0, LINGER_NANOS);
        }
        disable(context);
    }

    /** After the reset the device touches no memory, and after the bottom half's end nobody has an old status in hand. */
    private void disable(ProcessContext context) {
        registers.write(context, names.command, COMMAND_RESET);
        bottomHalf.kill(context);
        if (rings != null) {
            dma.freeCoherent(rings);
            rings = null;
        }
        if (buffers != null) {
            dma.freeCoherent(buffers);
            buffers = null;
        }
        status = 0;
        opened.set(false);
    }

    // ---- bytes

    long read(ProcessContext context, UserBuffer buffer, boolean nonBlocking) {
        if (buffer.length() == 0) {
            return 0;
        }
        int error = lock(context, reading, nonBlocking);
        if (error != 0) {
            return error;
        }
        try {
            for (; ; ) {
                int before = status;
                long count = receive.copyOut(context, buffer);
                if (count != 0) {
                    return count;
                }
                if ((before & HUNG_UP) != 0) {
                    return endOfReading(before);
                }
                if (nonBlocking) {
                    return -EAGAIN;
                }
                error = changed.waitEventInterruptible(context, () -> receive.hasMore() || (status & HUNG_UP) != 0);
                if (error != 0) {
                    return error;
                }
            }
        } finally {
            reading.unlock(context);
        }
    }

    private static int endOfReading(int status) {
        if ((status & STATUS_FAULT) != 0) {
            return -EIO;
        }
        return (status & STATUS_END) != 0 ? 0 : -ECONNRESET;
    }

    long write(ProcessContext context, UserBuffer buffer, boolean nonBlocking) {
        int error = lock(context, writing, nonBlocking);
        if (error != 0) {
            return error;
        }
        try {
            long done = 0;
            while (done < buffer.length() && error == 0) {
                if ((status & STATUS_CONNECTED) == 0) {
                    error = (status & STATUS_WAITING) != 0 && nonBlocking ? -EAGAIN : -EPIPE;
                } else if (transmit.hasRoom()) {
                    long count = transmit.copyIn(context, buffer, done);
                    done += Math.max(0, count);
                    error = (int) Math.min(0, count);
                } else if (nonBlocking) {
                    error = -EAGAIN;
                } else {
                    error = changed.waitEventInterruptible(
                            context, () -> transmit.hasRoom() || (status & STATUS_BROKEN) != 0);
                }
            }
            return done > 0 ? done : error;
        } finally {
            writing.unlock(context);
        }
    }

    private static int lock(ProcessContext context, Mutex mutex, boolean nonBlocking) {
        if (!nonBlocking) {
            return mutex.lockInterruptible(context);
        }
        return mutex.tryLock(context) ? 0 : -EAGAIN;
    }

    int poll(PollTable table) {
        table.wait(changed);
        int now = status;
        int events = 0;
        if (receive.hasMore() || (now & HUNG_UP) != 0) {
            events |= POLLIN | POLLRDNORM;
        }
        if ((now & STATUS_CONNECTED) != 0 && transmit.hasRoom()) {
            events |= POLLOUT | POLLWRNORM;
        }
        return (now & STATUS_BROKEN) != 0 ? events | POLLHUP | POLLERR : events;
    }
}
