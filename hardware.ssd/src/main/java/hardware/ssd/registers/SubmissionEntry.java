// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * An entry of a submission queue: one command, {@value #BYTES} bytes.
 * <pre>
 *        31            16 15 14 13      10 9   8 7           0
 *  0x00 |      CID       | PSDT |    0    | FUSE |   OPCODE   |
 *  0x04 |                        NSID                         |
 *  0x08 |                     CDW2, CDW3                      |
 *  0x10 |                        MPTR                         |  64 bits
 *  0x18 |                        PRP1                         |  64 bits
 *  0x20 |                        PRP2                         |  64 bits
 *  0x28 |                 CDW10 ... CDW15                     |
 * </pre>
 */
public final class SubmissionEntry {
    /** The size of an entry in bytes. */
    public static final int BYTES = 64;
    /** log2 of {@link #BYTES}, for CC.IOSQES. */
    public static final int LOG2_BYTES = 6;

    /** 8 bits: what to do, {@link AdminOpcode} or {@link NvmOpcode}. */
    public static final int OPCODE = 0x00;
    /** 8 bits: fused operation and kind of data pointer; must be 0. */
    public static final int FLAGS = 0x01;
    /** 16 bits: the command's identifier, unique in its queue; comes back with the completion. */
    public static final int CID = 0x02;
    /** 32 bits: the namespace, from 1; {@link #ALL_NAMESPACES} where a command says so. */
    public static final int NSID = 0x04;
    /** 64 bits: pointer to metadata; not used. */
    public static final int MPTR = 0x10;
    /** 64 bits: first physical region; see {@link PhysicalRegions}. */
    public static final int PRP1 = 0x18;
    /** 64 bits: second physical region, or the list of all others. */
    public static final int PRP2 = 0x20;
    /** 32 bits. */
    public static final int CDW10 = 0x28;
    /** 32 bits. */
    public static final int CDW11 = 0x2c;
    /** 32 bits. */
    public static final int CDW12 = 0x30;
    /** 32 bits. */
    public static final int CDW13 = 0x34;
    /** 32 bits. */
    public static final int CDW14 = 0x38;
    /** 32 bits. */
    public static final int CDW15 = 0x3c;

    /** NSID that means every attached namespace. */
    public static final int ALL_NAMESPACES = 0xffff_ffff;

    private SubmissionEntry() {}
}
