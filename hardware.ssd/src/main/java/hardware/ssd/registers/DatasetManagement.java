// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** The dataset management command: CDW10 bits 0 to 7 the number of ranges minus 1, CDW11 what to do; PRP1 and PRP2 hold the ranges. */
public final class DatasetManagement {
    /** In CDW11: the ranges are deallocated; they read as zero afterwards. */
    public static final int DEALLOCATE = 1 << 2;

    /** The most ranges of a command. */
    public static final int MAX_RANGES = 256;
    /** The size of a range in bytes. */
    public static final int RANGE_BYTES = 16;
    /** 32 bits of a range: context attributes; ignored. */
    public static final int RANGE_ATTRIBUTES = 0;
    /** 32 bits of a range: how many blocks; 0 for none. */
    public static final int RANGE_BLOCKS = 4;
    /** 64 bits of a range: its first block. */
    public static final int RANGE_FIRST = 8;

    private DatasetManagement() {}
}
