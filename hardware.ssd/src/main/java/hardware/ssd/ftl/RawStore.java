// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.Dies;
import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.HostFile;
import hardware.ssd.nand.NandGeometry;
import hardware.ssd.nand.PagePool;

/**
 * Pages in a plain file of the host, block after block, as other tools make and read it. Nothing is translated, and a write is in the file at once; its time
 * is that of flash. Guarded by the firmware's lock.
 */
public final class RawStore implements BackStore {
    private static final int PAGE = NandGeometry.PAGE_BYTES;

    private final HostFile file;
    private final Dies dies;
    private final int dieCount;
    private final FirmwareClock clock;
    private final PagePool pool;
    private final long length;
    private final int pages;
    private final byte[] scratch = new byte[PAGE];
    private final byte[] zeros = new byte[PAGE];
    private long latestEnd;

    /** @param dies what gives it the time of flash */
    public RawStore(HostFile file, Dies dies, int dieCount, FirmwareClock clock, PagePool pool) {
        this.file = file;
        this.dies = dies;
        this.dieCount = dieCount;
        this.clock = clock;
        this.pool = pool;
        length = file.length();
        pages = Math.toIntExact((length + PAGE - 1) / PAGE);
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public boolean isReadOnly() {
        return file.isReadOnly();
    }

    @Override
    public boolean isMapped(int page) {
        return true;
    }

    @Override
    public long reserveRead(int page) {
        return dies.read(page % dieCount, 0);
    }

    @Override
    public byte[] read(int page, boolean retry) {
        file.read((long) page * PAGE, scratch, 0, PAGE);
        return scratch;
    }

    @Override
    public long write(int page, byte[] data) {
        if (isReadOnly()) {
            return FAILED;
        }
        file.write((long) page * PAGE, data, 0, bytesOf(page));
        pool.give(data);
        latestEnd = Math.max(latestEnd, dies.program(page % dieCount, 0));
        return latestEnd;
    }

    @Override
    public void deallocate(int first, int count) {
        for (int page = first; page < first + count; page++) {
            file.write((long) page * PAGE, zeros, 0, bytesOf(page));
        }
    }

    /** The last page may be cut off. */
    private int bytesOf(int page) {
        return (int) Math.min(PAGE, length - (long) page * PAGE);
    }

    @Override
    public long flush() {
        return Math.max(clock.now(), latestEnd);
    }

    @Override
    public void force() {
        file.force();
    }

    @Override
    public void powerFails() {
        latestEnd = 0;
        dies.idle();
    }

    @Override
    public void powerReturns() {
        // The file is as it was left.
    }

    @Override
    public long shutDown() {
        return flush();
    }

    @Override
    public long saveState() {
        return clock.now();
    }

    @Override
    public long counter(int logOffset) {
        return 0;
    }

    @Override
    public int availableSparePercent() {
        return 100;
    }

    @Override
    public int percentageUsed() {
        return 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
