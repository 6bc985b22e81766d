// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** The identify command: PRP1 and PRP2 receive {@value #BYTES} bytes; CDW10 bits 0 to 7 (CNS) say what. */
public final class IdentifyCommand {
    /** How much every identify transfers, in bytes. */
    public static final int BYTES = 4096;

    /** {@link IdentifyNamespace} of NSID; all zero when it is not attached; of {@link SubmissionEntry#ALL_NAMESPACES} what all have in common. */
    public static final int CNS_NAMESPACE = 0x00;
    /** {@link IdentifyController}. */
    public static final int CNS_CONTROLLER = 0x01;
    /** The attached namespaces above NSID in ascending order, 32 bits each, the rest 0. */
    public static final int CNS_ACTIVE_NAMESPACES = 0x02;
    /** The identifiers of NSID: descriptors of type (8 bits), length (8 bits), 16 bits of 0, and so many bytes; a type of 0 ends. */
    public static final int CNS_NAMESPACE_DESCRIPTORS = 0x03;

    /** Type of a descriptor: an EUI-64, 8 bytes. */
    public static final int DESCRIPTOR_EUI64 = 1;
    /** Type of a descriptor: an NGUID, 16 bytes. */
    public static final int DESCRIPTOR_NGUID = 2;

    private IdentifyCommand() {}
}
