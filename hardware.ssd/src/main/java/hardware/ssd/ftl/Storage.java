// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.PagePool;
import hardware.ssd.nand.PowerSupply;

/** All logical pages of the device, with the write cache in front. Guarded by the firmware's lock. */
public final class Storage {
    /** What {@link #write} and others answer when the medium did not take it. */
    public static final long FAILED = BackStore.FAILED;

    private final BackStore back;
    private final WriteCache cache;
    private final PagePool pool;
    private final PowerSupply power;
    private final FirmwareClock clock;
    private boolean cacheEnabled;
    private long lastWriteEnd;

    public Storage(BackStore back, PagePool pool, PowerSupply power, FirmwareClock clock, int cachePages) {
        this.back = back;
        this.pool = pool;
        this.power = power;
        this.clock = clock;
        cache = new WriteCache(back, pool, power, clock, cachePages);
        cacheEnabled = cachePages > 0;
    }

    public int pages() {
        return back.pages();
    }

    public boolean isReadOnly() {
        return back.isReadOnly();
    }

    public boolean isMapped(int page) {
        return back.isMapped(page) || cache.get(page) != null;
    }

    /** Pages that wait to be written. */
    public int cachedPages() {
        return cache.size();
    }

    /** Whether there is a cache at all. */
    public boolean hasCache() {
        return cache.capacity() > 0;
    }

    public boolean isCacheEnabled() {
        return cacheEnabled;
    }

    public void setCacheEnabled(boolean enabled) {
        cacheEnabled = enabled && hasCache();
    }

    /** Arrays for {@link #write}. */
    public PagePool pool() {
        return pool;
    }

    /** Reserves what a read of the page needs; answers when it could be over. */
    public long reserveRead(int page) {
        return cache.get(page) != null ? clock.now() : back.reserveRead(page);
    }

    /** The content of a page, to be used at once and not to be changed; null when it is lost. */
    public byte[] read(int page, boolean retry) {
        byte[] cached = cache.get(page);
        return cached != null ? cached : back.read(page, retry);
    }

    /**
     * Writes a page.
     *
     * @param content the caller's no more unless it failed
     * @param durable whether it must be durable when it is done
     * @return when it is done, or {@link #FAILED}
     */
    public long write(int page, byte[] content, boolean durable) {
        if (back.isReadOnly()) {
            return FAILED;
        }
        if (!cacheEnabled || durable) {
            power.step();
            long end = back.write(page, content);
            if (end != FAILED) {
                cache.drop(page);
                lastWriteEnd = Math.max(lastWriteEnd, end);
            }
            return end;
        }
        long accepted = cache.put(page, content);
        if (cache.size() > cache.capacity() / 2) {
            note(cache.destageTo(cache.capacity() / 2));
        }
        return accepted;
    }

    /** Deallocates pages; durable with the next flush. */
    public void deallocate(int first, int count) {
        power.step();
        cache.drop(first, count);
        back.deallocate(first, count);
    }

    /** Writes back what waits, without waiting for it; false when the medium did not take it. */
    public boolean destage() {
        return note(cache.destageTo(0));
    }

    private boolean note(long end) {
        lastWriteEnd = Math.max(lastWriteEnd, end);
        return end != FAILED;
    }

    /** Makes all that was written until now durable; answers when it is, or {@link #FAILED}. */
    public long flush() {
        if (!note(cache.destageTo(0))) {
            return FAILED;
        }
        lastWriteEnd = Math.max(lastWriteEnd, back.flush());
        return Math.max(clock.now(), lastWriteEnd);
    }

    /** What is durable by now survives the host, too. */
    public void force() {
        back.force();
    }

    /** As {@link #flush}, and writes down that nothing was lost. */
    public long shutDown() {
        long flushed = flush();
        return flushed == FAILED ? FAILED : Math.max(flushed, back.shutDown());
    }

    /** Writes down the device's own state; answers when that is durable. */
    public long saveState() {
        return back.saveState();
    }

    public long counter(int logOffset) {
        return back.counter(logOffset);
    }

    public int availableSparePercent() {
        return back.availableSparePercent();
    }

    public int percentageUsed() {
        return back.percentageUsed();
    }

    public void powerFails() {
        cache.lose();
        lastWriteEnd = 0;
        back.powerFails();
    }

    public void powerReturns() {
        cacheEnabled = hasCache();
        back.powerReturns();
    }

    public void close() {
        back.close();
    }
}
