// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * An entry of a completion queue, {@value #BYTES} bytes.
 * <pre>
 *        31  30  29 28 27   25 24          17 16 15             0
 *  0x00 |                    RESULT (command)                    |
 *  0x04 |                           0                            |
 *  0x08 |              SQID              |         SQHD          |
 *  0x0c |DNR| M | CRD |  SCT  |     SC     | P |      CID        |
 * </pre>
 * The device writes the first eight bytes, then the last eight in one access: whoever reads the phase bit with acquire and finds it changed sees all of
 * the entry, and the data that the command moved.
 */
public final class CompletionEntry {
    /** The size of an entry in bytes. */
    public static final int BYTES = 16;
    /** log2 of {@link #BYTES}, for CC.IOCQES. */
    public static final int LOG2_BYTES = 4;

    /** 32 bits: the result of commands that have one. */
    public static final int RESULT = 0x00;
    /** 16 bits: the head of the submission queue; entries before it may be used again. */
    public static final int SQHD = 0x08;
    /** 16 bits: the submission queue of the command. */
    public static final int SQID = 0x0a;
    /** 16 bits: the command's identifier. */
    public static final int CID = 0x0c;
    /** 16 bits: phase and status; in the upper half of the 32 bits at {@link #CID}. */
    public static final int STATUS = 0x0e;

    /** In the 16 bits at {@link #STATUS}: the phase; 1 in the first round through the queue, then 0, and so on. */
    public static final int STATUS_PHASE = 1;
    /** How far a {@link Status} code is shifted left in the 16 bits at {@link #STATUS}. */
    public static final int STATUS_SHIFT = 1;
    /** The bits of a {@link Status} code after it was shifted right by {@link #STATUS_SHIFT}: type and code. */
    public static final int STATUS_CODE = 0x7ff;
    /** More about the error is in the error log. */
    public static final int STATUS_MORE = 1 << 14;
    /** Do not retry: the same command would fail again. */
    public static final int STATUS_DNR = 1 << 15;

    private CompletionEntry() {}
}
