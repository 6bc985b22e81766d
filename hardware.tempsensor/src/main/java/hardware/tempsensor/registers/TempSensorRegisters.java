// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor.registers;

import hardware.machine.bus.Register;
import hardware.machine.bus.Register.ReadOnly;
import hardware.machine.bus.Register.ReadWrite;
import hardware.machine.bus.Register.WriteOnly;
import java.util.List;

/**
 * The temperature sensor's registers: 32 bits each, in a window of {@value #WINDOW_BYTES} bytes. Bits that have no name
 * read as zero and are ignored when they are written.
 */
public final class TempSensorRegisters {
    /** The size of the register window in bytes. */
    public static final int WINDOW_BYTES = 0x20;

    /** What the device is: always {@link #ID_VALUE}. */
    public static final ReadOnly ID = new ReadOnly("ID", 0x00);
    /** {@code UBTS} in ASCII, first letter in the highest byte. */
    public static final int ID_VALUE = 0x5542_5453;

    /**
     * Which revision of the device it is.
     * <pre>
     *   31            16 15             0
     *  +----------------+----------------+
     *  |     MAJOR      |     MINOR      |
     *  +----------------+----------------+
     * </pre>
     */
    public static final ReadOnly VERSION = new ReadOnly("VERSION", 0x04);
    /** Revision 1.0. */
    public static final int VERSION_VALUE = 0x0001_0000;

    /**
     * What the device is doing; reading it changes nothing.
     * <pre>
     *   31              4     3         2       1      0
     *  +-----------------+---------+---------+------+-------+
     *  |        0        |INTERRUPT| OVERRUN | BUSY | READY |
     *  +-----------------+---------+---------+------+-------+
     * </pre>
     */
    public static final ReadOnly STATUS = new ReadOnly("STATUS", 0x08);
    /** A measurement has finished, and its value waits in DATA. Cleared by reading DATA and by RESET. */
    public static final int STATUS_READY = 1;
    /** A measurement is under way. */
    public static final int STATUS_BUSY = 1 << 1;
    /** A value was overwritten by a newer one before anybody read it. Cleared by reading DATA and by RESET. */
    public static final int STATUS_OVERRUN = 1 << 2;
    /** A measurement has finished since the interrupt was last acknowledged, whether or not it is enabled. */
    public static final int STATUS_INTERRUPT = 1 << 3;

    /**
     * Tells the device what to do. RESET wins over START beside it.
     * <pre>
     *   31                              2     1       0
     *  +---------------------------------+-------+-------+
     *  |             ignored             | RESET | START |
     *  +---------------------------------+-------+-------+
     * </pre>
     */
    public static final WriteOnly COMMAND = new WriteOnly("COMMAND", 0x0c);
    /** Begins a measurement; one that is under way is given up and begun anew. */
    public static final int COMMAND_START = 1;
    /** Gives up the measurement, clears STATUS and INTERRUPT_ENABLE; CONVERSION_TIME stays. */
    public static final int COMMAND_RESET = 1 << 1;

    /**
     * The temperature of the last finished measurement in thousandths of a degree Celsius, signed. Reading takes the
     * value out: without STATUS_READY the register holds garbage.
     */
    public static final ReadOnly DATA = new ReadOnly("DATA", 0x10);

    /**
     * Which causes assert the interrupt line.
     * <pre>
     *   31                                      1     0
     *  +-----------------------------------------+-------+
     *  |                    0                    | DONE  |
     *  +-----------------------------------------+-------+
     * </pre>
     */
    public static final ReadWrite INTERRUPT_ENABLE = new ReadWrite("INTERRUPT_ENABLE", 0x14);

    /** Write 1 to clear a cause; the line stays asserted until then. Its bits are those of INTERRUPT_ENABLE. */
    public static final WriteOnly INTERRUPT_ACKNOWLEDGE = new WriteOnly("INTERRUPT_ACKNOWLEDGE", 0x18);
    /** The cause: a measurement has finished. */
    public static final int INTERRUPT_DONE = 1;

    /** How long a measurement takes in microseconds, unsigned; 0 finishes it within the write to COMMAND. */
    public static final ReadWrite CONVERSION_TIME = new ReadWrite("CONVERSION_TIME", 0x1c);

    private TempSensorRegisters() {}

    /** All registers, by offset. */
    public static List<Register> all() {
        return List.of(ID, VERSION, STATUS, COMMAND, DATA, INTERRUPT_ENABLE, INTERRUPT_ACKNOWLEDGE, CONVERSION_TIME);
    }
}
