// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

import hardware.machine.bus.Register;
import hardware.machine.bus.Register.ReadOnly;
import hardware.machine.bus.Register.ReadWrite;
import hardware.machine.bus.Register.WriteOnly;
import java.util.List;

/**
 * The controller's registers: 32 bits each, in a window of {@value #WINDOW_BYTES} bytes; a 64-bit register is two halves, the lower first. Bits that have
 * no name read as zero and are ignored when they are written.
 */
public final class SsdRegisters {
    /** The size of the register window in bytes. */
    public static final int WINDOW_BYTES = 0x2000;

    /**
     * What the controller can do, lower half.
     * <pre>
     *   31        24 23     19 18 17  16  15              0
     *  +------------+---------+-----+-----+----------------+
     *  |     TO     |    0    |  0  | CQR |      MQES      |
     *  +------------+---------+-----+-----+----------------+
     * </pre>
     */
    public static final ReadOnly CAP = new ReadOnly("CAP", 0x00);
    /** The most entries of an I/O queue, minus 1. */
    public static final int CAP_MQES = 0xffff;
    /** I/O queues must be physically contiguous: always 1. */
    public static final int CAP_CQR = 1 << 16;
    /** The longest that CSTS.RDY takes to follow CC.EN, in units of 500 ms. */
    public static final int CAP_TO = 0xff << 24;

    /**
     * What the controller can do, upper half.
     * <pre>
     *   31     24 23      20 19      16 15   13 12        5  4  3        0
     *  +---------+----------+----------+-------+-----------+---+----------+
     *  |    0    |  MPSMAX  |  MPSMIN  |   0   |    CSS    | 0 |  DSTRD   |
     *  +---------+----------+----------+-------+-----------+---+----------+
     * </pre>
     */
    public static final ReadOnly CAP_HIGH = new ReadOnly("CAP_HIGH", 0x04);
    /** The distance of doorbells: 4 bytes shifted left by this. */
    public static final int CAP_HIGH_DSTRD = 0xf;
    /** Command sets; bit 0 of the field: NVM. */
    public static final int CAP_HIGH_CSS = 0xff << 5;
    /** The NVM command set is there: always 1. */
    public static final int CAP_HIGH_CSS_NVM = 1 << 5;
    /** The smallest memory page: 4096 bytes shifted left by this. */
    public static final int CAP_HIGH_MPSMIN = 0xf << 16;
    /** The largest memory page: 4096 bytes shifted left by this. */
    public static final int CAP_HIGH_MPSMAX = 0xf << 20;

    /** The version of the specification: major in bits 16 to 31, minor in 8 to 15, tertiary in 0 to 7. */
    public static final ReadOnly VS = new ReadOnly("VS", 0x08);
    /** Version 1.4.0. */
    public static final int VS_VALUE = 0x0001_0400;

    /** Write 1 to mask the interrupt vector of that bit, 0 to 31; reads as the mask. */
    public static final ReadWrite INTMS = new ReadWrite("INTMS", 0x0c);
    /** Write 1 to unmask the interrupt vector of that bit, 0 to 31; reads as the mask. */
    public static final ReadWrite INTMC = new ReadWrite("INTMC", 0x10);

    /**
     * Configuration.
     * <pre>
     *   31    24 23     20 19     16 15  14 13   11 10     7 6     4 3     1  0
     *  +--------+---------+---------+------+-------+--------+-------+-------+----+
     *  |   0    | IOCQES  | IOSQES  | SHN  |  AMS  |  MPS   |  CSS  |   0   | EN |
     *  +--------+---------+---------+------+-------+--------+-------+-------+----+
     * </pre>
     */
    public static final ReadWrite CC = new ReadWrite("CC", 0x14);
    /** Enable: 1 starts the controller, 0 resets it. */
    public static final int CC_EN = 1;
    /** Command set: 0, NVM. */
    public static final int CC_CSS = 0x7 << 4;
    /** Memory page size: 4096 bytes shifted left by this; 0. */
    public static final int CC_MPS = 0xf << 7;
    /** Arbitration: 0, round robin. */
    public static final int CC_AMS = 0x7 << 11;
    /** Shutdown notification; one of {@link #CC_SHN_NORMAL} and {@link #CC_SHN_ABRUPT}, or 0. */
    public static final int CC_SHN = 0x3 << 14;
    /** The value of CC.SHN that prepares for power off and loses nothing. */
    public static final int CC_SHN_NORMAL = 0x1 << 14;
    /** The value of CC.SHN that says power will fail soon: nothing is flushed. */
    public static final int CC_SHN_ABRUPT = 0x2 << 14;
    /** log2 of the size of a submission entry: 6. */
    public static final int CC_IOSQES = 0xf << 16;
    /** log2 of the size of a completion entry: 4. */
    public static final int CC_IOCQES = 0xf << 20;
    /** What a driver writes to start the controller: 64-byte and 16-byte entries, 4 KiB pages, NVM command set, enabled. */
    public static final int CC_START = CC_EN | SubmissionEntry.LOG2_BYTES << 16 | CompletionEntry.LOG2_BYTES << 20;

    /**
     * Status.
     * <pre>
     *   31                 6    5     4     3      2   1     0
     *  +--------------------+----+-------+----------+-----+-----+
     *  |         0          | PP | NSSRO |   SHST   | CFS | RDY |
     *  +--------------------+----+-------+----------+-----+-----+
     * </pre>
     */
    public static final ReadOnly CSTS = new ReadOnly("CSTS", 0x1c);
    /** Ready: follows CC.EN. */
    public static final int CSTS_RDY = 1;
    /** Fatal: the controller does nothing more until it is reset. */
    public static final int CSTS_CFS = 1 << 1;
    /** Shutdown status; 0, {@link #CSTS_SHST_OCCURRING} or {@link #CSTS_SHST_COMPLETE}. */
    public static final int CSTS_SHST = 0x3 << 2;
    /** The value of CSTS.SHST while the shutdown is under way. */
    public static final int CSTS_SHST_OCCURRING = 0x1 << 2;
    /** The value of CSTS.SHST when power may be switched off. */
    public static final int CSTS_SHST_COMPLETE = 0x2 << 2;

    /**
     * Sizes of the admin queues; written while the controller is disabled.
     * <pre>
     *   31   28 27           16 15   12 11            0
     *  +-------+---------------+-------+---------------+
     *  |   0   |     ACQS      |   0   |     ASQS      |
     *  +-------+---------------+-------+---------------+
     * </pre>
     */
    public static final ReadWrite AQA = new ReadWrite("AQA", 0x24);
    /** Entries of the admin submission queue, minus 1. */
    public static final int AQA_ASQS = 0xfff;
    /** Entries of the admin completion queue, minus 1. */
    public static final int AQA_ACQS = 0xfff << 16;

    /** Bus address of the admin submission queue, lower half; a multiple of 4096. */
    public static final ReadWrite ASQ = new ReadWrite("ASQ", 0x28);
    /** Bus address of the admin submission queue, upper half. */
    public static final ReadWrite ASQ_HIGH = new ReadWrite("ASQ_HIGH", 0x2c);
    /** Bus address of the admin completion queue, lower half; a multiple of 4096. */
    public static final ReadWrite ACQ = new ReadWrite("ACQ", 0x30);
    /** Bus address of the admin completion queue, upper half. */
    public static final ReadWrite ACQ_HIGH = new ReadWrite("ACQ_HIGH", 0x34);

    /** Where the doorbells begin; each queue pair has two, 4 bytes each. */
    public static final int DOORBELLS = 0x1000;

    private SsdRegisters() {}

    /** The tail doorbell of a submission queue: the index of the entry behind the last that software has written. */
    public static WriteOnly submissionTail(int queue) {
        return new WriteOnly("SQ" + queue + "TDBL", submissionTailOffset(queue));
    }

    /** The head doorbell of a completion queue: the index of the first entry that software has not consumed. */
    public static WriteOnly completionHead(int queue) {
        return new WriteOnly("CQ" + queue + "HDBL", completionHeadOffset(queue));
    }

    /** The offset of {@link #submissionTail}. */
    public static int submissionTailOffset(int queue) {
        return DOORBELLS + 2 * queue * Integer.BYTES;
    }

    /** The offset of {@link #completionHead}. */
    public static int completionHeadOffset(int queue) {
        return DOORBELLS + (2 * queue + 1) * Integer.BYTES;
    }

    /** All registers but the doorbells, by offset. */
    public static List<Register> all() {
        return List.of(CAP, CAP_HIGH, VS, INTMS, INTMC, CC, CSTS, AQA, ASQ, ASQ_HIGH, ACQ, ACQ_HIGH);
    }
}
