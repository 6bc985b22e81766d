// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket.registers;

import hardware.machine.bus.Register;
import hardware.machine.bus.Register.ReadOnly;

/**
 * The host socket's own registers: 32 bits each, at the start of the window; behind them each port has a bank of {@link PortRegisters}. Bits that have
 * no name read as zero and are ignored when they are written.
 */
public final class HostSocketRegisters {
    /** The most ports that a device has. */
    public static final int PORTS_MAX = 32;

    /** What the device is: always {@link #ID_VALUE}. */
    public static final ReadOnly ID = new ReadOnly("ID", 0x00);
    /** {@code UBHS} in ASCII, first letter in the highest byte. */
    public static final int ID_VALUE = 0x5542_4853;

    /** Which revision of the device it is: major in the upper half, minor in the lower. */
    public static final ReadOnly VERSION = new ReadOnly("VERSION", 0x04);
    /** Revision 1.0. */
    public static final int VERSION_VALUE = 0x0001_0000;

    /** How many ports it has, 1 to {@value #PORTS_MAX}; each has the interrupt line of its number. */
    public static final ReadOnly PORTS = new ReadOnly("PORTS", 0x08);

    /** The TCP port of the host at which it listens; 0 when it listens at a path. */
    public static final ReadOnly TCP_PORT = new ReadOnly("TCP_PORT", 0x0c);

    private HostSocketRegisters() {}

    /** All of them, by offset. */
    public static java.util.List<Register> all() {
        return java.util.List.of(ID, VERSION, PORTS, TCP_PORT);
    }

    /** The size of the register window in bytes. */
    public static int windowBytes(int ports) {
        return PortRegisters.FIRST + ports * PortRegisters.BYTES;
    }
}
