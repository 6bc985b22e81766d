// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

/**
 * How flash is divided. Blocks are numbered across dies, so that neighbours are on different dies, and dies across channels; a page's number is its
 * block's times {@link #pagesPerBlock} plus its place there.
 *
 * @param channels buses between controller and dies
 * @param diesPerChannel dies on each; a die does one thing at a time
 * @param blocksPerDie erase blocks of each die
 * @param pagesPerBlock pages of each block, a power of two
 */
public record NandGeometry(int channels, int diesPerChannel, int blocksPerDie, int pagesPerBlock) {
    /** The data of a page, in bytes. */
    public static final int PAGE_BYTES = 4096;

    public NandGeometry {
        if (Integer.bitCount(pagesPerBlock) != 1) {
            throw new IllegalArgumentException("blocks have a power of two of pages, not " + pagesPerBlock);
        }
        if (channels < 1 || diesPerChannel < 1 || blocksPerDie < 1) {
            throw new IllegalArgumentException(
                    "flash without a %s".formatted(channels < 1 ? "channel" : diesPerChannel < 1 ? "die" : "block"));
        }
        long pages = (long) channels * diesPerChannel * blocksPerDie * pagesPerBlock;
        if (pages <= 0 || pages > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("flash of " + pages + " pages");
        }
    }

    public int dies() {
        return channels * diesPerChannel;
    }

    public int blocks() {
        return dies() * blocksPerDie;
    }

    public int pages() {
        return blocks() * pagesPerBlock;
    }

    public int dieOfBlock(int block) {
        return block % dies();
    }

    public int channelOfDie(int die) {
        return die % channels;
    }

    public int blockOfPage(int page) {
        return page >>> Integer.numberOfTrailingZeros(pagesPerBlock);
    }

    /** The place of a page in its block. */
    public int indexInBlock(int page) {
        return page & pagesPerBlock - 1;
    }

    public int firstPage(int block) {
        return block * pagesPerBlock;
    }
}
