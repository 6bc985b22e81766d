// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/**
 * Where things are in an image file: a header of 4096 bytes, {@value #BLOCK_BYTES} bytes for each block, the spare areas, the pages; each part begins at a
 * multiple of 4096.
 *
 * @param geometry of the flash
 * @param logicalPages what all namespaces have together
 * @param namespaces how many share them
 */
public record ImageLayout(NandGeometry geometry, long logicalPages, int namespaces) {
    static final int BLOCK_BYTES = 16;
    private static final int ALIGNMENT = NandGeometry.PAGE_BYTES;

    long blockTable() {
        return ALIGNMENT;
    }

    long spares() {
        return blockTable() + align((long) geometry.blocks() * BLOCK_BYTES);
    }

    long pages() {
        return spares() + align((long) geometry.pages() * Spare.BYTES);
    }

    /** The length of the file in bytes. */
    public long length() {
        return pages() + (long) geometry.pages() * NandGeometry.PAGE_BYTES;
    }

    private static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
