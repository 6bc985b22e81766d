// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** What identify says of a namespace. Sizes are in blocks of the present format. */
public final class IdentifyNamespace {
    /** 64 bits: size in blocks. */
    public static final int NSZE = 0;
    /** 64 bits: capacity in blocks; equal to the size. */
    public static final int NCAP = 8;
    /** 64 bits: blocks in use. */
    public static final int NUSE = 16;
    /** 8 bits: features; see {@link #NSFEAT_ATOMIC}. */
    public static final int NSFEAT = 24;
    /** In NSFEAT: deallocated blocks do not count as used. */
    public static final int NSFEAT_THIN = 1;
    /** In NSFEAT: NAWUN, NAWUPF and the boundaries below count, not those of the controller. */
    public static final int NSFEAT_ATOMIC = 1 << 1;
    /** In NSFEAT: NPWG, NPWA, NPDG, NPDA and NOWS are given. */
    public static final int NSFEAT_OPTIMAL = 1 << 4;
    /** 8 bits: how many formats there are, minus 1. */
    public static final int NLBAF = 25;
    /** 8 bits: the present format in bits 0 to 3. */
    public static final int FLBAS = 26;
    /** 8 bits: how deallocated blocks read; 1: as zeros; bit 3: write zeroes may deallocate. */
    public static final int DLFEAT = 33;
    /** 16 bits: blocks written atomically, minus 1. */
    public static final int NAWUN = 34;
    /** 16 bits: blocks written atomically when power fails, minus 1. */
    public static final int NAWUPF = 36;
    /** 16 bits: the distance of boundaries that an atomic write must not cross, in blocks minus 1. */
    public static final int NABSN = 40;
    /** 16 bits: the first such boundary: 0. */
    public static final int NABO = 42;
    /** 16 bits: as NABSN, when power fails. */
    public static final int NABSPF = 44;
    /** 128 bits: bytes of flash that belong to the namespace. */
    public static final int NVMCAP = 48;
    /** 16 bits: granularity of writes in blocks, minus 1: a page of flash. */
    public static final int NPWG = 64;
    /** 16 bits: alignment of writes in blocks, minus 1. */
    public static final int NPWA = 66;
    /** 16 bits: granularity of deallocation in blocks, minus 1. */
    public static final int NPDG = 68;
    /** 16 bits: alignment of deallocation in blocks, minus 1. */
    public static final int NPDA = 70;
    /** 16 bits: best size of writes in blocks, minus 1. */
    public static final int NOWS = 72;
    /** 8 bits: attributes; bit 0: it cannot be written to now. */
    public static final int NSATTR = 99;
    /** 16 bytes: globally unique identifier. */
    public static final int NGUID = 104;
    /** 8 bytes: IEEE extended unique identifier. */
    public static final int EUI64 = 120;
    /** 32 bits for each format: bits 16 to 23 log2 of the block size (LBADS), bits 24 and 25 relative performance. */
    public static final int LBAF = 128;
    /** In a format: how far LBADS is shifted left. */
    public static final int LBAF_LBADS_SHIFT = 16;

    /** Number of the format of 512-byte blocks. */
    public static final int FORMAT_512 = 0;
    /** Number of the format of 4096-byte blocks. */
    public static final int FORMAT_4096 = 1;

    private IdentifyNamespace() {}
}
