// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/**
 * Controls of a solid state disk: its namespace's number, and commands for its controller (Linux: include/uapi/linux/nvme_ioctl.h, struct
 * nvme_passthru_cmd). Offsets in bytes; numbers are little-endian.
 */
public final class NvmeIoctl {
    /** Answers the number of the disk's namespace. */
    public static final int ID = 0x4e40;
    /** Sends an admin command; the argument is the address of the structure. Answers 0, the device's status above 0, or a negative errno. */
    public static final int ADMIN_COMMAND = 0xc048_4e41;

    /** 8 bits: what to do. */
    public static final int OPCODE = 0;
    /** 8 bits: 0. */
    public static final int FLAGS = 1;
    /** 32 bits: the namespace. */
    public static final int NAMESPACE = 4;
    /** 64 bits: where the data is or is to go. */
    public static final int ADDRESS = 24;
    /** 32 bits: how much, at most 4096, a multiple of 4. */
    public static final int DATA_LENGTH = 36;
    /** 32 bits: CDW10; CDW11 follows. */
    public static final int WORD10 = 40;
    /** 32 bits: CDW12; CDW13 follows. */
    public static final int WORD12 = 48;
    /** 32 bits: CDW14; CDW15 follows. */
    public static final int WORD14 = 56;
    /** 32 bits: how long it may take; 0 for a minute. */
    public static final int TIMEOUT_MILLIS = 64;
    /** 32 bits: the command's result comes here. */
    public static final int RESULT = 68;
    /** The size of the structure. */
    public static final int BYTES = 72;

    private NvmeIoctl() {}
}
