// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.NandGeometry;

/** How many blocks a translation layer needs for a capacity. */
public final class Provision {
    /** Blocks that only garbage collection may open: enough to empty any block, and to have a page fail while doing so. */
    static final int RESERVE = 3;

    private Provision() {}

    /** The fewest blocks with which so many logical pages can be written for ever. */
    public static int minimum(NandGeometry geometry, int logicalPages) {
        int mapPages = (logicalPages + PageMap.PIECE_PAGES - 1) / PageMap.PIECE_PAGES;
        long pages = (long) logicalPages + mapPages + 1;
        int full = (int) ((pages + geometry.pagesPerBlock() - 1) / geometry.pagesPerBlock());
        return full + geometry.dies() + 1 + RESERVE + 1;
    }

    /** The same and spare blocks: a share of it in percent, at least two of each die, and what the factory makes badly. */
    public static int blocksPerDie(
            int channels, int diesPerChannel, int pagesPerBlock, int logicalPages, int percent, double factoryBad) {
        int dies = channels * diesPerChannel;
        int minimum = minimum(new NandGeometry(channels, diesPerChannel, 1, pagesPerBlock), logicalPages);
        double blocks = minimum + Math.max(2.0 * dies, minimum * percent / 100.0);
        return (int) Math.ceil(blocks * (1 + 2 * factoryBad) / dies);
    }
}
