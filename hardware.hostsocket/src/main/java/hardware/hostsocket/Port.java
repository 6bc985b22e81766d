// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import static hardware.hostsocket.registers.PortRegisters.CAUSE_ALL;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_CONNECT;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_HANGUP;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_RECEIVED;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_SENT;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_ENABLE;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_RESET;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_SHUTDOWN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_BROKEN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_CONNECTED;
import static hardware.hostsocket.registers.PortRegisters.STATUS_END;
import static hardware.hostsocket.registers.PortRegisters.STATUS_FAULT;
import static hardware.hostsocket.registers.PortRegisters.STATUS_WAITING;

import hardware.hostsocket.registers.PortRegisters;
import hardware.hostsocket.registers.Rings;
import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.memory.DmaPort;

/**
 * One port: registers and rings on the side of the machine, a {@link Wire} on the other. All bytes pass here, under the port's lock, and none once the
 * port has been reset: a wire that was let go is not listened to any more.
 */
public final class Port {
    /** What {@link #outgoing} answers when the port has let go of the wire. */
    public static final int GONE = -1;
    /** What {@link #outgoing} answers when everything has been sent and no more will come. */
    public static final int END = -2;

    private static final int HALF = Rings.SLOTS / 2;

    private final PortRegisters registers;
    private final DeviceEnvironment environment;
    private final DmaPort dma;
    private final InterruptLine line;
    private final Outside outside;

    // Guarded by this.
    private final DescriptorRing receive;
    private final DescriptorRing transmit;
    private int status;
    private int cause;
    private int interruptEnable;
    private long rings;
    private boolean shutDown;
    private int gathered;
    private Wire wire;

    Port(int number, DeviceEnvironment environment, InterruptLine line, Outside outside) {
        this.registers = new PortRegisters(number);
        this.environment = environment;
        this.dma = environment.dma();
        this.line = line;
        this.outside = outside;
        receive = new DescriptorRing(dma, Rings.RECEIVE_DESCRIPTORS);
        transmit = new DescriptorRing(dma, Rings.TRANSMIT_DESCRIPTORS);
    }

    // ---- from the machine

    synchronized int read(int offset) {
        if (offset == registers.status.offset()) {
            return status;
        } else if (offset == registers.cause.offset()) {
            return cause;
        } else if (offset == registers.interruptEnable.offset()) {
            return interruptEnable;
        } else if (offset == registers.ringLow.offset()) {
            return (int) rings;
        }
        return offset == registers.ringHigh.offset() ? (int) (rings >>> Integer.SIZE) : 0;
    }

    synchronized void write(int offset, int value) {
        if (offset == registers.receivePosted.offset()) {
            postReceive(value);
        } else if (offset == registers.transmitPosted.offset()) {
            postTransmit(value);
        } else if (offset == registers.acknowledge.offset()) {
            cause &= ~value;
        } else if (offset == registers.interruptEnable.offset()) {
            int appeared = value & ~interruptEnable & cause;
            interruptEnable = value & CAUSE_ALL;
            interruptFor(appeared);
        } else if (offset == registers.ringLow.offset()) {
            rings = (rings & 0xffff_ffff_0000_0000L) | (value & 0xffff_fff8L);
        } else if (offset == registers.ringHigh.offset()) {
            rings = (rings & 0xffff_ffffL) | ((long) value << Integer.SIZE);
        } else if (offset == registers.command.offset()) {
            command(value);
        }
    }

    private void command(int value) {
        if ((value & COMMAND_RESET) != 0) {
            reset();
            return;
        }
        if ((value & COMMAND_ENABLE) != 0 && status == 0) {
            status = STATUS_WAITING;
            environment.trace("port enabled", number());
            outside.portWaits();
        }
        if ((value & COMMAND_SHUTDOWN) != 0 && !shutDown && isOpen()) {
            shutDown = true;
            if (transmit.count() == 0) {
                signal(CAUSE_SENT);
            }
            if (wire != null) {
                wire.somethingToSend();
            }
        }
    }

    private int number() {
        return (registers.status.offset() - PortRegisters.FIRST) / PortRegisters.BYTES;
    }

    private boolean isOpen() {
        return (status & (STATUS_WAITING | STATUS_CONNECTED)) != 0;
    }

    private void postReceive(int posted) {
        if (!isOpen()) {
            return;
        }
        if (!receive.fetch(rings, posted)) {
            fault();
        } else if (wire != null) {
            wire.roomMade();
        }
    }

    private void postTransmit(int posted) {
        if (!isOpen()) {
            return;
        }
        if (shutDown || !transmit.fetch(rings, posted)) {
            fault();
        } else if (wire != null) {
            wire.somethingToSend();
        }
    }

    /** Comes to rest. */
    synchronized void reset() {
        letGo(0);
        receive.clear();
        transmit.clear();
        cause = 0;
        interruptEnable = 0;
        shutDown = false;
    }

    // ---- from outside

    synchronized boolean isWaiting() {
        return (status & STATUS_WAITING) != 0;
    }

    synchronized boolean connect(Wire newWire) {
        if (!isWaiting()) {
            return false;
        }
        wire = newWire;
        status = STATUS_CONNECTED;
        environment.trace("connected", number());
        signal(CAUSE_CONNECT);
        return true;
    }

    /** How many bytes the port can take from that wire now. */
    public synchronized int room(Wire from) {
        return wire == from ? receive.bytes() : 0;
    }

    /**
     * Takes bytes that have come.
     *
     * @param count no more than {@link #room} said
     */
    public synchronized void received(Wire from, byte[] bytes, int count) {
        if (wire != from) {
            return;
        }
        for (int done = 0; done < count; ) {
            int piece = receive.count() == 0 ? 0 : Math.min(receive.length(0), count - done);
            int descriptor = Rings.receiveDescriptor(receive.used());
            if (piece == 0
                    || !dma.write(receive.address(0), bytes, done, piece)
                    || !dma.writeInt(rings + descriptor + Rings.DESCRIPTOR_USED, piece)) {
                fault();
                return;
            }
            receive.use(1);
            done += piece;
        }
        if (!dma.writeInt(rings + Rings.RECEIVED, receive.used())) {
            fault();
            return;
        }
        environment.trace("received", count);
        signal(CAUSE_RECEIVED);
    }

    /** The peer sends no more. */
    public synchronized void ended(Wire from) {
        if (wire == from) {
            status |= STATUS_END;
            signal(CAUSE_HANGUP);
        }
    }

    /** The connection is broken. */
    public synchronized void broken(Wire from) {
        if (wire == from) {
            letGo((status & STATUS_END) | STATUS_BROKEN);
            signal(CAUSE_HANGUP);
        }
    }

    /**
     * Gathers what is to be sent, whole buffers as many as fit.
     *
     * @param to at least {@link Rings#LENGTH_MAX} long
     * @return the number of bytes, to be followed by {@link #sent}; 0 when there are none, or {@link #GONE} or {@link #END}
     */
    public synchronized int outgoing(Wire from, byte[] to) {
        if (wire != from) {
            return GONE;
        }
        int total = 0;
        gathered = 0;
        while (gathered < transmit.count() && total + transmit.length(gathered) <= to.length) {
            if (!dma.read(transmit.address(gathered), to, total, transmit.length(gathered))) {
                fault();
                return GONE;
            }
            total += transmit.length(gathered++);
        }
        return total == 0 && shutDown ? END : total;
    }

    /** What was gathered last has been sent. */
    public synchronized void sent(Wire from) {
        if (wire != from) {
            return;
        }
        int before = transmit.count();
        transmit.use(gathered);
        gathered = 0;
        if (!dma.writeInt(rings + Rings.SENT, transmit.used())) {
            fault();
            return;
        }
        environment.trace("sent", transmit.used());
        if ((before > HALF && transmit.count() <= HALF) || (shutDown && transmit.count() == 0)) {
            signal(CAUSE_SENT);
        }
    }

    // ----

    private void fault() {
        environment.trace("port fault", number());
        letGo(STATUS_BROKEN | STATUS_FAULT);
        signal(CAUSE_HANGUP);
    }

    private void letGo(int newStatus) {
        status = newStatus;
        if (wire != null) {
            wire.hangUp();
            wire = null;
        }
    }

    private void signal(int causes) {
        int appeared = causes & ~cause;
        cause |= causes;
        interruptFor(appeared & interruptEnable);
    }

    private void interruptFor(int causes) {
        if (causes != 0) {
            line.raise();
        }
    }
}
