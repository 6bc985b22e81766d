// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** What identify says of the controller. Text is ASCII, padded with blanks. */
public final class IdentifyController {
    /** 16 bits: PCI vendor, {@link #VENDOR}. */
    public static final int VID = 0;
    /** 16 bits: PCI subsystem vendor, {@link #VENDOR}. */
    public static final int SSVID = 2;
    /** 20 bytes: serial number. */
    public static final int SERIAL_NUMBER = 4;
    /** 40 bytes: model number. */
    public static final int MODEL_NUMBER = 24;
    /** 8 bytes: firmware revision. */
    public static final int FIRMWARE_REVISION = 64;
    /** 8 bits: the most that a command transfers is 4096 bytes shifted left by this. */
    public static final int MDTS = 77;
    /** 16 bits: controller identifier. */
    public static final int CNTLID = 78;
    /** 32 bits: version, as the register VS. */
    public static final int VER = 80;
    /** 32 bits: asynchronous events that can be enabled, as {@link AsyncEvent}. */
    public static final int OAES = 92;
    /** 8 bits: kind of controller; 1, for input and output. */
    public static final int CNTRLTYPE = 111;
    /** 16 bits: optional admin commands; see {@link #OACS_FORMAT}. */
    public static final int OACS = 256;
    /** In OACS: format NVM. */
    public static final int OACS_FORMAT = 1 << 1;
    /** 8 bits: abort commands at once, minus 1. */
    public static final int ACL = 258;
    /** 8 bits: asynchronous event requests held, minus 1. */
    public static final int AERL = 259;
    /** 8 bits: firmware slots. */
    public static final int FRMW = 260;
    /** 8 bits: log page attributes; bit 0: the health log of single namespaces, bit 1: commands supported and effects, bit 2: offsets and long counts. */
    public static final int LPA = 261;
    /** 8 bits: entries of the error log, minus 1. */
    public static final int ELPE = 262;
    /** 8 bits: power states, minus 1. */
    public static final int NPSS = 263;
    /** 16 bits: temperature of a warning, in kelvin. */
    public static final int WCTEMP = 266;
    /** 16 bits: critical temperature, in kelvin. */
    public static final int CCTEMP = 268;
    /** 128 bits: bytes of flash for namespaces. */
    public static final int TNVMCAP = 280;
    /** 8 bits: log2 of the size of a submission entry, required in bits 0 to 3, largest in 4 to 7. */
    public static final int SQES = 512;
    /** 8 bits: log2 of the size of a completion entry, required in bits 0 to 3, largest in 4 to 7. */
    public static final int CQES = 513;
    /** 32 bits: the largest namespace identifier. */
    public static final int NN = 516;
    /** 16 bits: optional NVM commands. */
    public static final int ONCS = 520;
    /** In ONCS: compare. */
    public static final int ONCS_COMPARE = 1;
    /** In ONCS: dataset management. */
    public static final int ONCS_DATASET_MANAGEMENT = 1 << 2;
    /** In ONCS: write zeroes. */
    public static final int ONCS_WRITE_ZEROES = 1 << 3;
    /** 8 bits: format applies to one namespace, not to all: 0. */
    public static final int FNA = 524;
    /** 8 bits: the write cache; see {@link #VWC_PRESENT}. */
    public static final int VWC = 525;
    /** In VWC: there is a volatile write cache. */
    public static final int VWC_PRESENT = 1;
    /** In VWC, bits 1 and 2: flush of {@link SubmissionEntry#ALL_NAMESPACES} flushes all. */
    public static final int VWC_FLUSH_ALL = 3 << 1;
    /** 16 bits: blocks written atomically in any format, minus 1. */
    public static final int AWUN = 526;
    /** 16 bits: blocks written atomically in any format when power fails, minus 1. */
    public static final int AWUPF = 528;
    /** 32 bits: scatter gather lists: 0, there are none. */
    public static final int SGLS = 536;
    /** 256 bytes: name of the subsystem, ended by 0. */
    public static final int SUBNQN = 768;

    /** Vendor: 32 bits: interrupt vectors, those of I/O and the one of the admin queue. */
    public static final int VENDOR_VECTORS = 3072;
    /** Vendor: 32 bits: channels of the flash. */
    public static final int VENDOR_CHANNELS = 3076;
    /** Vendor: 32 bits: dies of each channel. */
    public static final int VENDOR_DIES = 3080;
    /** Vendor: 32 bits: pages of an erase block. */
    public static final int VENDOR_PAGES_PER_BLOCK = 3084;
    /** Vendor: 32 bits: erase blocks of each die. */
    public static final int VENDOR_BLOCKS_PER_DIE = 3088;
    /** Vendor: 64 bits: bytes of the write cache. */
    public static final int VENDOR_CACHE_BYTES = 3096;

    /** The value of VID; a PCI vendor of nobody. */
    public static final int VENDOR = 0x5542;

    private IdentifyController() {}
}
