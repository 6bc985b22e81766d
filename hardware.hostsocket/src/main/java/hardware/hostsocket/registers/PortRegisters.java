// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket.registers;

import hardware.machine.bus.Register;
import hardware.machine.bus.Register.ReadOnly;
import hardware.machine.bus.Register.ReadWrite;
import hardware.machine.bus.Register.WriteOnly;
import java.util.List;

/** The registers of one port. */
public final class PortRegisters {
    /** Where the first port's registers begin in the window. */
    public static final int FIRST = 0x40;
    /** The distance from one port's registers to the next one's. */
    public static final int BYTES = 0x40;

    /** The port waits for somebody to connect. */
    public static final int STATUS_WAITING = 1;
    /** Somebody is connected. */
    public static final int STATUS_CONNECTED = 1 << 1;
    /** The peer sends no more; all that it sent is in the receive ring. */
    public static final int STATUS_END = 1 << 2;
    /** The connection is broken: nothing can be sent any more, and what was not received is lost. */
    public static final int STATUS_BROKEN = 1 << 3;
    /** The port could not reach memory, or a ring made no sense; the connection is broken. */
    public static final int STATUS_FAULT = 1 << 4;

    /** Clears the port and waits for a connection. RING must be set. Ignored when the port is not at rest. */
    public static final int COMMAND_ENABLE = 1;
    /** Ends what is sent to the peer, after all that was posted. */
    public static final int COMMAND_SHUTDOWN = 1 << 1;
    /** Breaks the connection, forgets the rings and comes to rest. When the write has returned the port touches no memory any more. */
    public static final int COMMAND_RESET = 1 << 2;

    /** Somebody has connected. */
    public static final int CAUSE_CONNECT = 1;
    /** There is more in the receive ring. */
    public static final int CAUSE_RECEIVED = 1 << 1;
    /** The transmit ring is no more than half full, after it was fuller; or empty after SHUTDOWN. */
    public static final int CAUSE_SENT = 1 << 2;
    /** END, BROKEN or FAULT has been set in STATUS. */
    public static final int CAUSE_HANGUP = 1 << 3;
    /** All causes. */
    public static final int CAUSE_ALL = CAUSE_CONNECT | CAUSE_RECEIVED | CAUSE_SENT | CAUSE_HANGUP;

    /**
     * What the port is doing; reading it changes nothing.
     * <pre>
     *   31          5    4       3      2        1         0
     *  +--------------+-------+--------+-----+-----------+---------+
     *  |      0       | FAULT | BROKEN | END | CONNECTED | WAITING |
     *  +--------------+-------+--------+-----+-----------+---------+
     * </pre>
     */
    public final ReadOnly status;

    /**
     * Tells the port what to do. RESET wins over what is beside it.
     * <pre>
     *   31                        3     2        1          0
     *  +---------------------------+-------+----------+--------+
     *  |          ignored          | RESET | SHUTDOWN | ENABLE |
     *  +---------------------------+-------+----------+--------+
     * </pre>
     */
    public final WriteOnly command;

    /** The lower half of the bus address of the {@link Rings}, a multiple of 8. */
    public final ReadWrite ringLow;

    /** The upper half of the bus address of the rings. */
    public final ReadWrite ringHigh;

    /** How many receive descriptors have been posted since ENABLE, modulo 2^32. */
    public final WriteOnly receivePosted;

    /** How many transmit descriptors have been posted since ENABLE, modulo 2^32. */
    public final WriteOnly transmitPosted;

    /**
     * What has happened since it was acknowledged.
     * <pre>
     *   31                 4     3        2        1          0
     *  +---------------------+--------+------+----------+---------+
     *  |          0          | HANGUP | SENT | RECEIVED | CONNECT |
     *  +---------------------+--------+------+----------+---------+
     * </pre>
     */
    public final ReadOnly cause;

    /** Write 1 to clear a cause. */
    public final WriteOnly acknowledge;

    /** Which causes interrupt: a message is sent when one of them appears, or is enabled while it is there. */
    public final ReadWrite interruptEnable;

    /** @param port from 0 */
    public PortRegisters(int port) {
        int base = FIRST + port * BYTES;
        status = new ReadOnly("STATUS", base);
        command = new WriteOnly("COMMAND", base + 0x04);
        ringLow = new ReadWrite("RING_LOW", base + 0x08);
        ringHigh = new ReadWrite("RING_HIGH", base + 0x0c);
        receivePosted = new WriteOnly("RECEIVE_POSTED", base + 0x10);
        transmitPosted = new WriteOnly("TRANSMIT_POSTED", base + 0x14);
        cause = new ReadOnly("CAUSE", base + 0x18);
        acknowledge = new WriteOnly("ACKNOWLEDGE", base + 0x1c);
        interruptEnable = new ReadWrite("INTERRUPT_ENABLE", base + 0x20);
    }

    /** All of them, by offset. */
    public List<Register> all() {
        return List.of(
                status, command, ringLow, ringHigh, receivePosted, transmitPosted, cause, acknowledge, interruptEnable);
    }
}
