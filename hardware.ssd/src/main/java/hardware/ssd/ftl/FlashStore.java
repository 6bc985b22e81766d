// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.Nand;
import hardware.ssd.nand.NandGeometry;
import hardware.ssd.nand.PagePool;
import hardware.ssd.nand.Spare;
import hardware.ssd.registers.FlashLog;

/**
 * The translation layer. Every logical page is written to a new place, with its number and a sequence number in the spare area; the newest place counts.
 * What is deallocated is durable when the piece of the map that says so is on flash: it counts against all pages with smaller sequence numbers.
 *
 * <p>Order on flash: a piece of the map and an erasure begin when all that was programmed before has ended, so that nothing refers to a page that may yet
 * be torn, and nothing that is still needed disappears. Guarded by the firmware's lock.
 */
public final class FlashStore implements BackStore {
    private static final int READ_ATTEMPTS = 8;

    final Nand nand;
    final BlockTable blocks;
    final PagePool pool;
    private final FirmwareClock clock;
    private final DeviceState state;
    private final Frontiers frontiers;
    private final Collector collector;
    private final boolean writeProtected;
    private final int minimumBlocks;
    private final int initialGood;
    private final int endurance;
    private final byte[] zeros = new byte[NandGeometry.PAGE_BYTES];
    private final int logicalPages;
    private PageMap map;
    private int stateHome = PageMap.NONE;
    private long sequence;
    private long completed;
    private long latestEnd;
    private int epoch;
    private boolean exhausted;

    public FlashStore(
            Nand nand,
            FirmwareClock clock,
            PagePool pool,
            DeviceState state,
            int logicalPages,
            int endurance,
            boolean writeProtected) {
        this.nand = nand;
        this.clock = clock;
        this.pool = pool;
        this.state = state;
        this.logicalPages = logicalPages;
        this.endurance = endurance;
        this.writeProtected = writeProtected;
        blocks = new BlockTable(nand);
        frontiers = new Frontiers(nand, blocks);
        collector = new Collector(this);
        minimumBlocks = Provision.minimum(nand.geometry(), logicalPages);
        initialGood = nand.geometry().blocks() - nand.factoryBadBlocks();
        powerReturns();
    }

    @Override
    public int pages() {
        return logicalPages;
    }

    @Override
    public boolean isReadOnly() {
        return writeProtected || exhausted || blocks.good() < minimumBlocks;
    }

    @Override
    public boolean isMapped(int page) {
        return map.get(page) != PageMap.NONE;
    }

    @Override
    public long reserveRead(int page) {
        int location = map.get(page);
        return location < 0 ? clock.now() : nand.reserveRead(location, 0);
    }

    @Override
    public byte[] read(int page, boolean retry) {
        int location = map.get(page);
        if (location == PageMap.NONE) {
            return zeros;
        }
        if (location == PageMap.LOST || nand.kind(location) == Spare.LOST) {
            return null;
        }
        return readLocation(location, retry);
    }

    /** Reads a page of flash, again and again if it must be; null when it is lost. */
    byte[] readLocation(int location, boolean retry) {
        byte[] data = nand.read(location);
        for (int attempt = 1; data == null && retry && attempt < READ_ATTEMPTS; attempt++) {
            state.readRetries++;
            nand.reserveRead(location, 0);
            data = nand.read(location);
        }
        return data;
    }

    @Override
    public long write(int page, byte[] data) {
        collector.makeRoom();
        if (isReadOnly()) {
            return FAILED;
        }
        int location = program(false, Spare.DATA, page, data, 0);
        if (location < 0) {
            return FAILED;
        }
        long end = nand.endNanos();
        state.hostPages++;
        collector.retireFailing();
        return end;
    }

    @Override
    public void deallocate(int first, int count) {
        for (int page = first; page < first + count; page++) {
            int piece = PageMap.pieceOf(page);
            if (map.isBlank(piece)) {
                page = (piece + 1) * PageMap.PIECE_PAGES - 1;
            } else if (map.get(page) != PageMap.NONE) {
                leave(map.get(page));
                map.set(page, PageMap.NONE);
                map.setUndurable(piece, true);
            }
        }
    }

    @Override
    public long flush() {
        for (int piece = 0; piece < map.pieceCount(); piece++) {
            if (map.isUndurable(piece)) {
                collector.makeRoom();
                writePiece(piece, false);
            }
        }
        collector.retireFailing();
        return latestEnd;
    }

    @Override
    public void force() {
        nand.force();
    }

    @Override
    public long shutDown() {
        flush();
        state.clean = true;
        return saveState();
    }

    @Override
    public long saveState() {
        if (!writeProtected) {
            collector.makeRoom();
            byte[] page = pool.take();
            absorbCounters();
            state.encode(page);
            if (program(false, Spare.STATE, 0, page, latestEnd) < 0) {
                pool.give(page);
            }
            collector.retireFailing();
        }
        return latestEnd;
    }

    private void absorbCounters() {
        state.pagesProgrammed = counter(FlashLog.PAGES_PROGRAMMED);
        state.pagesRead = counter(FlashLog.PAGES_READ);
        state.blocksErased = counter(FlashLog.BLOCKS_ERASED);
        nand.takeCounters();
    }

    /** Writes a piece of the map as it is now; false when flash has no room for it. */
    boolean writePiece(int piece, boolean moving) {
        byte[] page = pool.take();
        map.encode(piece, page);
        if (program(moving, Spare.MAP, piece, page, latestEnd) < 0) {
            pool.give(page);
            return false;
        }
        map.setUndurable(piece, false);
        state.mapPages++;
        return true;
    }

    /**
     * Programs the next version of something and makes it count.
     *
     * @param moving whether garbage collection does it, which may use the reserve
     * @param data the caller's no more unless it failed
     * @return where it is; negative when there is no room
     */
    int program(boolean moving, int kind, long key, byte[] data, long notBefore) {
        for (; ; ) {
            int location = frontiers.next(moving);
            if (location < 0) {
                exhausted = exhausted || blocks.free() == 0;
                return location;
            }
            if (clock.now() >= latestEnd) {
                completed = sequence;
            }
            sequence++;
            boolean programmed = nand.program(location, data, kind, key, sequence, completed, epoch, notBefore);
            latestEnd = Math.max(latestEnd, nand.endNanos());
            if (programmed) {
                enter(kind, key, location);
                return location;
            }
            frontiers.fail(location);
        }
    }

    private void enter(int kind, long key, int location) {
        if (kind == Spare.MAP) {
            leave(map.home((int) key));
            map.setHome((int) key, location);
        } else if (kind == Spare.STATE) {
            leave(stateHome);
            stateHome = location;
        } else {
            leave(map.get((int) key));
            map.set((int) key, location);
        }
        blocks.addValid(nand.geometry().blockOfPage(location), 1);
    }

    private void leave(int location) {
        if (location >= 0) {
            blocks.addValid(nand.geometry().blockOfPage(location), -1);
        }
    }

    /** Whether the page of flash holds something that counts. */
    boolean isCurrent(int location) {
        int kind = nand.kind(location);
        if (!nand.isSpareIntact(location)) {
            return false;
        }
        long key = nand.key(location);
        return switch (kind) {
            case Spare.DATA, Spare.LOST -> map.get((int) key) == location;
            case Spare.MAP -> map.home((int) key) == location;
            case Spare.STATE -> stateHome == location;
            default -> false;
        };
    }

    /** The piece of the map that must be on flash before this page, which does not count any more, may be erased; -1 for none. */
    int pieceBefore(int location) {
        int kind = nand.kind(location);
        if ((kind == Spare.DATA || kind == Spare.LOST) && nand.isSpareIntact(location)) {
            int piece = PageMap.pieceOf((int) nand.key(location));
            return map.isUndurable(piece) ? piece : -1;
        }
        return -1;
    }

    /** When all that was programmed until now is durable. */
    long latestEnd() {
        return latestEnd;
    }

    void erasedUntil(long end) {
        latestEnd = Math.max(latestEnd, end);
    }

    /** Where the next block that is worth collecting is; for who collects. */
    DeviceState state() {
        return state;
    }

    Frontiers frontiers() {
        return frontiers;
    }

    @Override
    public void powerFails() {
        nand.powerFails();
    }

    @Override
    public void powerReturns() {
        Recovery recovery = new Recovery(nand, logicalPages);
        map = recovery.map();
        stateHome = recovery.stateHome();
        sequence = recovery.lastSequence();
        completed = 0;
        latestEnd = 0;
        epoch = recovery.lastEpoch() + 1;
        exhausted = false;
        boolean clean = true;
        if (stateHome >= 0) {
            byte[] page = readLocation(stateHome, true);
            if (page != null) {
                state.decode(page);
            }
            clean = page != null && state.clean;
            state.unsafeShutdowns += clean ? 0 : 1;
        }
        state.tornPages += recovery.tornPages();
        state.powerCycles++;
        state.clean = false;
        recovery.fill(blocks, frontiers, clean);
        saveState();
    }

    @Override
    public long counter(int logOffset) {
        return switch (logOffset) {
            case FlashLog.HOST_PAGES -> state.hostPages;
            case FlashLog.PAGES_PROGRAMMED -> state.pagesProgrammed + nand.pagesProgrammed();
            case FlashLog.PAGES_READ -> state.pagesRead + nand.pagesRead();
            case FlashLog.BLOCKS_ERASED -> state.blocksErased + nand.blocksErased();
            case FlashLog.PAGES_MOVED -> state.pagesMoved;
            case FlashLog.BLOCKS_COLLECTED -> state.blocksCollected;
            case FlashLog.BLOCKS_LEVELLED -> state.blocksLevelled;
            case FlashLog.MAP_PAGES -> state.mapPages;
            case FlashLog.FACTORY_BAD_BLOCKS -> nand.factoryBadBlocks();
            case FlashLog.GROWN_BAD_BLOCKS -> (long) initialGood - blocks.good();
            case FlashLog.FREE_BLOCKS -> blocks.free();
            case FlashLog.LEAST_WEAR -> blocks.extremeWear(true);
            case FlashLog.MOST_WEAR -> blocks.extremeWear(false);
            case FlashLog.READ_RETRIES -> state.readRetries;
            case FlashLog.TORN_PAGES -> state.tornPages;
            default -> 0;
        };
    }

    @Override
    public int availableSparePercent() {
        int spare = initialGood - minimumBlocks;
        int left = blocks.good() - minimumBlocks;
        return spare <= 0 ? 100 : Math.clamp(100L * left / spare, 0, 100);
    }

    @Override
    public int percentageUsed() {
        return Math.clamp(100 * blocks.totalWear() / Math.max(1L, (long) blocks.good() * endurance), 0, 255);
    }

    @Override
    public void close() {
        nand.close();
    }
}
