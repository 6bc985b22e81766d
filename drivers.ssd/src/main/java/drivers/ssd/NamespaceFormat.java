// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import hardware.ssd.registers.IdentifyNamespace;
import java.nio.ByteBuffer;
import kernel.api.block.DiskLimits;

/**
 * What a namespace says of itself.
 *
 * @param id from 1
 * @param blocks its size
 * @param blockShift log2 of the size of a block in bytes, 9 to 12
 * @param unitBlocks how many blocks it would like to be written at once
 * @param readOnly whether it refuses writes
 */
record NamespaceFormat(int id, long blocks, int blockShift, int unitBlocks, boolean readOnly) {
    private static final int SECTOR_SHIFT = 9;
    private static final int BLOCK_SHIFT_MAX = 12;
    private static final int FORMAT_MASK = 0xf;
    private static final int READ_ONLY = 1;
    private static final int UNIT_BYTES_MAX = 1 << 20;
    /** The most blocks of a command that has no data, for 16 bits count them from 0. */
    private static final long WRITE_ZEROES_BLOCKS_MAX = 1 << 16;

    private static final long DISCARD_BLOCKS_MAX = 0xffff_ffffL;

    /** Reads the answer to an identify; null when it is not attached, or of a format that nobody knows. */
    static NamespaceFormat of(int id, ByteBuffer identity) {
        long blocks = identity.getLong(IdentifyNamespace.NSZE);
        int format = identity.get(IdentifyNamespace.FLBAS) & FORMAT_MASK;
        int shift = identity.get(
                IdentifyNamespace.LBAF + format * Integer.BYTES + IdentifyNamespace.LBAF_LBADS_SHIFT / Byte.SIZE);
        if (shift < SECTOR_SHIFT || shift > BLOCK_SHIFT_MAX || blocks <= 0 || blocks > Long.MAX_VALUE >>> shift) {
            return null;
        }
        boolean optimal = (identity.get(IdentifyNamespace.NSFEAT) & IdentifyNamespace.NSFEAT_OPTIMAL) != 0;
        int unit = optimal ? (identity.getShort(IdentifyNamespace.NPWG) & 0xffff) + 1 : 1;
        return new NamespaceFormat(id, blocks, shift, unit, (identity.get(IdentifyNamespace.NSATTR) & READ_ONLY) != 0);
    }

    long sectors() {
        return blocks << (blockShift - SECTOR_SHIFT);
    }

    /** Whether a disk of that one can go on as a disk of this one. */
    boolean isLike(NamespaceFormat other) {
        return blockShift == other.blockShift && unitBlocks == other.unitBlocks && readOnly == other.readOnly;
    }

    /** What a disk of it can take. */
    DiskLimits limits(ControllerIdentity controller) {
        int blockBytes = 1 << blockShift;
        int unitBytes = Integer.highestOneBit(Math.clamp((long) unitBlocks << blockShift, blockBytes, UNIT_BYTES_MAX));
        return new DiskLimits(
                blockBytes,
                unitBytes,
                controller.transferBytesMax(),
                RegionList.PIECES_MAX,
                hardware.ssd.registers.PhysicalRegions.PAGE_BYTES,
                controller.knowsDeallocate() ? DISCARD_BLOCKS_MAX << blockShift : 0,
                controller.knowsDeallocate() ? unitBytes : 0,
                controller.knowsWriteZeroes() ? WRITE_ZEROES_BLOCKS_MAX << blockShift : 0,
                controller.hasWriteCache(),
                controller.hasWriteCache(),
                readOnly);
    }
}
