// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.control;

import hardware.ssd.registers.FlashLog;

/** What the flash log counts, by name; see {@link FlashLog}. */
public enum Statistic {
    HOST_PAGES(FlashLog.HOST_PAGES),
    PAGES_PROGRAMMED(FlashLog.PAGES_PROGRAMMED),
    PAGES_READ(FlashLog.PAGES_READ),
    BLOCKS_ERASED(FlashLog.BLOCKS_ERASED),
    PAGES_MOVED(FlashLog.PAGES_MOVED),
    BLOCKS_COLLECTED(FlashLog.BLOCKS_COLLECTED),
    BLOCKS_LEVELLED(FlashLog.BLOCKS_LEVELLED),
    MAP_PAGES(FlashLog.MAP_PAGES),
    FACTORY_BAD_BLOCKS(FlashLog.FACTORY_BAD_BLOCKS),
    GROWN_BAD_BLOCKS(FlashLog.GROWN_BAD_BLOCKS),
    FREE_BLOCKS(FlashLog.FREE_BLOCKS),
    LEAST_WEAR(FlashLog.LEAST_WEAR),
    MOST_WEAR(FlashLog.MOST_WEAR),
    READ_RETRIES(FlashLog.READ_RETRIES),
    CACHED_PAGES(FlashLog.CACHED_PAGES),
    TORN_PAGES(FlashLog.TORN_PAGES);

    private final int logOffset;

    Statistic(int logOffset) {
        this.logOffset = logOffset;
    }

    /** Where in the flash log it stands. */
    public int logOffset() {
        return logOffset;
    }
}
