// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * The commands of I/O queues. Those of a range of blocks have the first block in CDW10 (lower half) and CDW11 (upper half), and in CDW12 the number of
 * blocks minus 1 (bits 0 to 15) and flags.
 */
public final class NvmOpcode {
    /** What was written before it was submitted and has completed is durable when it completes. */
    public static final int FLUSH = 0x00;
    /** Write a range. */
    public static final int WRITE = 0x01;
    /** Read a range. */
    public static final int READ = 0x02;
    /** Compare a range with memory; status {@link Status#COMPARE_FAILURE} when they differ. */
    public static final int COMPARE = 0x05;
    /** Make a range read as zero, without data. */
    public static final int WRITE_ZEROES = 0x08;
    /** Dataset management; see {@link DatasetManagement}. */
    public static final int DATASET_MANAGEMENT = 0x09;

    /** The blocks, minus 1, in CDW12. */
    public static final int CDW12_BLOCKS = 0xffff;
    /** In CDW12 of write zeroes: the blocks may be deallocated. */
    public static final int CDW12_DEALLOCATE = 1 << 25;
    /** In CDW12: force unit access; the data is durable when the command completes, or read from the medium. */
    public static final int CDW12_FORCE_UNIT_ACCESS = 1 << 30;
    /** In CDW12: limited retry; a read gives up after one attempt. */
    public static final int CDW12_LIMITED_RETRY = 1 << 31;

    private NvmOpcode() {}
}
