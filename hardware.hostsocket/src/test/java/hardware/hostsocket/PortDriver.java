// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import hardware.hostsocket.registers.PortRegisters;
import hardware.hostsocket.registers.Rings;
import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.bus.Register;
import hardware.machine.memory.DmaDirection;

/** What software does with a port, without any kernel: rings at the start of memory, buffers behind them. */
final class PortDriver {
    static final int BUFFER_BYTES = 100;
    private static final int FIRST_BUFFER = 0x1000;
    private static final int MEMORY_BYTES = 0x4000;

    final PortRegisters registers;
    private final Machine machine;
    private final BusDevice device;
    private final long physical;
    private final long bus;
    private int posted;
    private int taken;
    private int toSend;

    PortDriver(Machine machine, BusDevice device, int port) {
        this.machine = machine;
        this.device = device;
        registers = new PortRegisters(port);
        physical = (long) port * MEMORY_BYTES;
        bus = device.iommuDomain().map(physical, MEMORY_BYTES, DmaDirection.BIDIRECTIONAL);
        write(registers.ringLow, (int) bus);
        write(registers.ringHigh, (int) (bus >>> 32));
    }

    int read(Register.Readable register) {
        return device.read32(register.offset());
    }

    void write(Register.Writable register, int value) {
        device.write32(register.offset(), value);
    }

    int status() {
        return read(registers.status);
    }

    void enable() {
        write(registers.command, PortRegisters.COMMAND_ENABLE);
        write(registers.interruptEnable, PortRegisters.CAUSE_ALL);
    }

    void command(int command) {
        write(registers.command, command);
    }

    /** Acknowledges and answers what was there. */
    int acknowledge() {
        int cause = read(registers.cause);
        write(registers.acknowledge, cause);
        return cause;
    }

    private long buffer(boolean transmit, int number) {
        int slot = (number & Rings.SLOTS - 1) + (transmit ? Rings.SLOTS : 0);
        return FIRST_BUFFER + (long) slot * BUFFER_BYTES;
    }

    void descriptor(int at, long address, int length) {
        machine.memory().putLong(physical + at + Rings.DESCRIPTOR_ADDRESS, address);
        machine.memory().putInt(physical + at + Rings.DESCRIPTOR_LENGTH, length);
    }

    /** Posts so many receive buffers. */
    void post(int count) {
        for (int i = 0; i < count; i++, posted++) {
            descriptor(Rings.receiveDescriptor(posted), bus + buffer(false, posted), BUFFER_BYTES);
        }
        write(registers.receivePosted, posted);
    }

    /** The content of the next filled buffer; null when none is. */
    byte[] next() {
        if (machine.memory().getIntAcquire(physical + Rings.RECEIVED) == taken) {
            return null;
        }
        int used = machine.memory().getInt(physical + Rings.receiveDescriptor(taken) + Rings.DESCRIPTOR_USED);
        byte[] bytes = new byte[used];
        machine.memory().read(physical + buffer(false, taken), bytes, 0, used);
        taken++;
        return bytes;
    }

    void send(byte[] bytes) {
        machine.memory().write(physical + buffer(true, toSend), bytes, 0, bytes.length);
        descriptor(Rings.transmitDescriptor(toSend), bus + buffer(true, toSend), bytes.length);
        write(registers.transmitPosted, ++toSend);
    }

    int sent() {
        return machine.memory().getIntAcquire(physical + Rings.SENT);
    }
}
