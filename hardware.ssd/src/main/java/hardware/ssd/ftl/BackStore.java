// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

/**
 * What keeps logical pages of 4096 bytes behind the write cache: flash, or a plain file of the host. Times are of the timeline, in nanoseconds. Guarded by
 * the firmware's lock.
 */
public interface BackStore {
    /** What {@link #write} answers when the page could not be written. */
    long FAILED = -1;

    /** How many logical pages there are. */
    int pages();

    /** Nothing can be written, now or ever again. */
    boolean isReadOnly();

    /** Whether the page was ever written and not deallocated since. */
    boolean isMapped(int page);

    /** Reserves what a read of the page needs; answers when it could be over. */
    long reserveRead(int page);

    /**
     * Reads a page.
     *
     * @param retry whether to try again what can be tried again
     * @return its content, to be used at once and not to be changed; null when it is lost
     */
    byte[] read(int page, boolean retry);

    /**
     * Writes a page: old or new when the power goes, nothing between.
     *
     * @param data the caller's no more unless it failed
     * @return when it is durable, or {@link #FAILED}
     */
    long write(int page, byte[] data);

    /** Deallocates pages: they read as zeros. Durable with the next {@link #flush}. */
    void deallocate(int first, int count);

    /** Makes everything durable that has been done; answers when it will be. */
    long flush();

    /** What is durable by now survives the host, too. */
    void force();

    /** The power goes. */
    void powerFails();

    /** The power is back: finds everything again. */
    void powerReturns();

    /** Writes down that nothing was lost, before the power goes; answers when that is durable. */
    long shutDown();

    /** Writes down the device's own state; answers when that is durable. */
    long saveState();

    /** A counter of the flash log; 0 for what this store does not have. */
    long counter(int logOffset);

    /** Percent of the spare blocks that are left. */
    int availableSparePercent();

    /** Percent of the endurance that is used. */
    int percentageUsed();

    void close();
}
