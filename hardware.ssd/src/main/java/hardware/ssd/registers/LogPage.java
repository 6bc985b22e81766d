// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * Log pages: CDW10 bits 0 to 7 which, bit 15 keeps the event, bits 16 to 31 and CDW11 bits 0 to 15 how many 32-bit words minus 1; CDW12 and CDW13 the
 * offset in bytes, a multiple of 4. What is asked for behind the end of a page is zero.
 */
public final class LogPage {
    /** The last errors, newest first: entries of {@value #ERROR_ENTRY_BYTES} bytes. */
    public static final int ERRORS = 0x01;
    /** {@link HealthLog}. */
    public static final int HEALTH = 0x02;
    /** The firmware slots: byte 0 is 1, 8 bytes at 8 are the revision of slot 1. */
    public static final int FIRMWARE = 0x03;
    /** The namespaces that have changed since it was read last, 32 bits each in ascending order, the rest 0. */
    public static final int CHANGED_NAMESPACES = 0x04;
    /** For each admin opcode (at 0) and I/O opcode (at 1024) 32 bits: bit 0 supported, bit 1 changes data, bit 2 changes capabilities of a namespace. */
    public static final int EFFECTS = 0x05;
    /** Vendor: {@link FlashLog}. */
    public static final int FLASH = 0xc0;

    /** In CDW10: the event that announced the page is not cleared. */
    public static final int RETAIN_EVENT = 1 << 15;
    /** In CDW10: how far the lower half of the number of words minus 1 is shifted left. */
    public static final int WORDS_SHIFT = 16;

    /** The size of an entry of {@link #ERRORS} in bytes. */
    public static final int ERROR_ENTRY_BYTES = 64;
    /** 64 bits of an error: how many there were with it; 0: no entry. */
    public static final int ERROR_COUNT = 0;
    /** 16 bits of an error: submission queue. */
    public static final int ERROR_SQID = 8;
    /** 16 bits of an error: command identifier. */
    public static final int ERROR_CID = 10;
    /** 16 bits of an error: as the completion's, with the phase. */
    public static final int ERROR_STATUS = 12;
    /** 64 bits of an error: the first block. */
    public static final int ERROR_LBA = 16;
    /** 32 bits of an error: namespace. */
    public static final int ERROR_NSID = 24;

    private LogPage() {}
}
