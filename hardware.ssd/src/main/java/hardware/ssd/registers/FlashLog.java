// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** What the translation layer has done: the vendor's log page, {@value #BYTES} bytes of 64-bit counters since the device was made. */
public final class FlashLog {
    /** The size of the page in bytes. */
    public static final int BYTES = 512;

    /** Pages that the host's writes and flushes have put on flash. */
    public static final int HOST_PAGES = 0;
    /** Pages programmed in all. */
    public static final int PAGES_PROGRAMMED = 8;
    /** Pages read in all. */
    public static final int PAGES_READ = 16;
    /** Blocks erased. */
    public static final int BLOCKS_ERASED = 24;
    /** Pages that garbage collection and wear levelling have moved. */
    public static final int PAGES_MOVED = 32;
    /** Blocks that were collected for their room. */
    public static final int BLOCKS_COLLECTED = 40;
    /** Blocks that were moved to level wear. */
    public static final int BLOCKS_LEVELLED = 48;
    /** Pages of the map programmed. */
    public static final int MAP_PAGES = 56;
    /** Bad blocks of the factory. */
    public static final int FACTORY_BAD_BLOCKS = 64;
    /** Bad blocks since. */
    public static final int GROWN_BAD_BLOCKS = 72;
    /** Blocks that are erased and free now. */
    public static final int FREE_BLOCKS = 80;
    /** Erase cycles of the least worn block. */
    public static final int LEAST_WEAR = 88;
    /** Erase cycles of the most worn block. */
    public static final int MOST_WEAR = 96;
    /** Reads that were tried again. */
    public static final int READ_RETRIES = 104;
    /** Pages waiting in the write cache now. */
    public static final int CACHED_PAGES = 112;
    /** Pages found torn when the map was recovered. */
    public static final int TORN_PAGES = 120;

    private FlashLog() {}
}
