// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.random.RandomGenerator;

/**
 * Flash memory. It holds the firmware to its rules: a page is programmed once after its block was erased, the pages of a block in order, a bad block not
 * at all; breaking one is a bug of the firmware and an {@link IllegalStateException}.
 *
 * <p>What an operation does is seen at once, and its time is accounted for: it ends at {@link #endNanos()}. If the power goes before that, it is undone when
 * it had not begun, and torn when it had. Guarded by the firmware's lock.
 */
public final class Nand {
    private static final int MARK_BAD = 1;
    private static final int MARK_UNSTABLE = 2;
    private static final int MARK_FACTORY = 4;
    private static final int TEAR_OUTCOMES = 4;

    private final NandGeometry geometry;
    private final NandFailures failures;
    private final RandomGenerator random;
    private final FirmwareClock clock;
    private final PowerSupply power;
    private final PagePool pool;
    private final FlashFile file;
    private final Dies dies;
    private final FlashBlock[] blocks;
    private final ArrayDeque<PendingOperation>[] pending;
    private final byte[] scratch = new byte[NandGeometry.PAGE_BYTES];
    private long endNanos;
    private int factoryBad;
    private long pagesRead;
    private long pagesProgrammed;
    private long blocksErased;

    /** @param file where pages are kept, or null for memory; its geometry is that of the flash */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public Nand(
            NandGeometry geometry,
            NandTiming timing,
            NandFailures failures,
            RandomGenerator random,
            FirmwareClock clock,
            PowerSupply power,
            PagePool pool,
            FlashFile file) {
        this.geometry = geometry;
        this.failures = failures;
        this.random = random;
        this.clock = clock;
        this.power = power;
        this.pool = pool;
        this.file = file;
        dies = new Dies(geometry, timing, clock);
        blocks = new FlashBlock[geometry.blocks()];
        pending = new ArrayDeque[geometry.dies()];
        Arrays.setAll(pending, die -> new ArrayDeque<PendingOperation>());
        for (int block = 0; block < blocks.length; block++) {
            blocks[block] = new FlashBlock();
            if (file == null) {
                manufacture(block);
            } else {
                load(block);
            }
        }
    }

    /** Marks blocks of a new file bad, as a factory would. */
    public static void manufacture(
            FlashFile file, NandGeometry geometry, NandFailures failures, RandomGenerator random) {
        for (int block = 0; block < geometry.blocks(); block++) {
            boolean bad = failures.factoryBad() > 0 && random.nextDouble() < failures.factoryBad();
            if (bad || failures.cyclesAtStart() > 0) {
                file.writeBlock(block, failures.cyclesAtStart(), bad ? MARK_BAD | MARK_FACTORY : 0);
            }
        }
    }

    private void manufacture(int block) {
        blocks[block].cycles = failures.cyclesAtStart();
        if (failures.factoryBad() > 0 && random.nextDouble() < failures.factoryBad()) {
            blocks[block].bad = true;
            factoryBad++;
        }
    }

    private void load(int block) {
        FlashBlock loaded = blocks[block];
        int marks = file.marks(block);
        loaded.cycles = file.cycles(block);
        loaded.bad = (marks & MARK_BAD) != 0;
        loaded.unstable = (marks & MARK_UNSTABLE) != 0;
        factoryBad += (marks & MARK_FACTORY) != 0 ? 1 : 0;
        byte[] spares = new byte[geometry.pagesPerBlock() * Spare.BYTES];
        if (file.readSpares(block, spares)) {
            loaded.spares = spares;
            loaded.data = new byte[geometry.pagesPerBlock()][];
            loaded.next = geometry.pagesPerBlock();
            while (loaded.next > 0 && Spare.isErased(spares, (loaded.next - 1) * Spare.BYTES)) {
                loaded.next--;
            }
        }
    }

    public NandGeometry geometry() {
        return geometry;
    }

    /** When the last operation ends, or has. */
    public long endNanos() {
        return endNanos;
    }

    public long pagesRead() {
        return pagesRead;
    }

    public long pagesProgrammed() {
        return pagesProgrammed;
    }

    public long blocksErased() {
        return blocksErased;
    }

    /** Begins to count reads, programs and erasures anew. */
    public void takeCounters() {
        pagesRead = 0;
        pagesProgrammed = 0;
        blocksErased = 0;
    }

    public int factoryBadBlocks() {
        return factoryBad;
    }

    public boolean isBad(int block) {
        return blocks[block].bad;
    }

    public int cycles(int block) {
        return blocks[block].cycles;
    }

    /** How many pages of the block are programmed or have been tried. */
    public int programmedPages(int block) {
        return blocks[block].next;
    }

    /** What the page holds, as {@link Spare#DATA} and its kin; meaningless if its spare area is not intact. */
    public int kind(int page) {
        byte[] spares = blocks[geometry.blockOfPage(page)].spares;
        return spares == null ? Spare.ERASED : spares[spareOf(page)];
    }

    public long key(int page) {
        return (long) Spare.LONG.get(blocks[geometry.blockOfPage(page)].spares, spareOf(page) + Spare.KEY);
    }

    public long sequence(int page) {
        return (long) Spare.LONG.get(blocks[geometry.blockOfPage(page)].spares, spareOf(page) + Spare.SEQUENCE);
    }

    /** Counts the times that the device was switched on until the page was programmed. */
    public int epoch(int page) {
        return (int) Spare.INT.get(blocks[geometry.blockOfPage(page)].spares, spareOf(page) + Spare.EPOCH);
    }

    /** The sequence number up to which everything was on flash when the page was programmed. */
    public long completed(int page) {
        return (long) Spare.LONG.get(blocks[geometry.blockOfPage(page)].spares, spareOf(page) + Spare.COMPLETED);
    }

    /** Whether the page's spare area was programmed and can be read. */
    public boolean isSpareIntact(int page) {
        byte[] spares = blocks[geometry.blockOfPage(page)].spares;
        return spares != null && Spare.isIntact(spares, spareOf(page));
    }

    /** Whether the page's data is what its spare area says. Takes a read. */
    public boolean isDataIntact(int page) {
        FlashBlock block = blocks[geometry.blockOfPage(page)];
        return !block.isLost(geometry.indexInBlock(page)) && checksumMatches(page, data(page));
    }

    private boolean checksumMatches(int page, byte[] data) {
        byte[] spares = blocks[geometry.blockOfPage(page)].spares;
        return (int) Spare.INT.get(spares, spareOf(page) + Spare.DATA_CHECKSUM)
                == Spare.checksum(data, 0, NandGeometry.PAGE_BYTES);
    }

    /** Reserves the die for a read of the page; answers when the controller will have it. */
    public long reserveRead(int page, long notBefore) {
        return dies.read(geometry.dieOfBlock(geometry.blockOfPage(page)), notBefore);
    }

    /**
     * Reads a page that is programmed.
     *
     * @return its data, to be read at once and not to be changed; null when this attempt found it unreadable
     */
    public byte[] read(int page) {
        FlashBlock block = blocks[geometry.blockOfPage(page)];
        int index = geometry.indexInBlock(page);
        if (index >= block.next) {
            throw new IllegalStateException("flash rule: read of page %d, which is not programmed".formatted(page));
        }
        pagesRead++;
        if (block.isLost(index)) {
            return null;
        }
        if (failures.readLoss() > 0 && random.nextDouble() < failures.readLoss()) {
            block.lose(index, geometry.pagesPerBlock());
            return null;
        }
        if (failures.readRetry() > 0 && random.nextDouble() < failures.readRetry()) {
            return null;
        }
        if (block.data[index] != null) {
            return block.data[index];
        }
        byte[] data = data(page);
        return checksumMatches(page, data) ? data : null;
    }

    private byte[] data(int page) {
        byte[] inMemory = blocks[geometry.blockOfPage(page)].data[geometry.indexInBlock(page)];
        if (inMemory != null) {
            return inMemory;
        }
        file.readPage(page, scratch);
        return scratch;
    }

    /**
     * Programs a page: a step.
     *
     * @param data the caller's no more if it could be programmed
     * @param notBefore when it may begin
     * @return false when it failed; the page is then used up
     */
    public boolean program(
            int page, byte[] data, int kind, long key, long sequence, long completed, int epoch, long notBefore) {
        int number = geometry.blockOfPage(page);
        FlashBlock block = blocks[number];
        int index = geometry.indexInBlock(page);
        if (block.bad || block.unstable || index != block.next) {
            throw new IllegalStateException("flash rule: program of page %d of block %d, whose next is %d%s"
                    .formatted(index, number, block.next, block.bad ? ", bad" : block.unstable ? ", not erased" : ""));
        }
        int die = geometry.dieOfBlock(number);
        settle(die);
        endNanos = dies.program(die, notBefore);
        if (block.spares == null) {
            block.spares = new byte[geometry.pagesPerBlock() * Spare.BYTES];
            block.data = new byte[geometry.pagesPerBlock()][];
        }
        pagesProgrammed++;
        boolean failed = failures.programFailure() > 0 && random.nextDouble() < failures.programFailure();
        boolean powerFails = power.failsInStep();
        int checksum = Spare.checksum(data, 0, NandGeometry.PAGE_BYTES);
        Spare.write(block.spares, index * Spare.BYTES, kind, key, sequence, completed, epoch, block.cycles, checksum);
        block.data[index] = failed ? data.clone() : data;
        block.next++;
        if (powerFails) {
            if (dies.start() > clock.now()) {
                removePage(block, index);
            } else {
                tearPage(number, index);
            }
            throw new PowerLost();
        }
        if (failed) {
            spoil(block, index);
            writeThrough(number, index);
            return false;
        }
        if (endNanos > clock.now()) {
            pending[die].add(new PendingOperation(number, index, dies.start(), endNanos, null));
        } else {
            writeThrough(number, index);
        }
        return true;
    }

    /**
     * Erases a block: a step.
     *
     * @param notBefore when it may begin
     * @return false when it failed; the block is then good for nothing
     */
    public boolean erase(int number, long notBefore) {
        FlashBlock block = blocks[number];
        if (block.bad) {
            throw new IllegalStateException("flash rule: block %d is bad".formatted(number));
        }
        int die = geometry.dieOfBlock(number);
        settle(die);
        endNanos = dies.erase(die, notBefore);
        blocksErased++;
        if (power.failsInStep()) {
            if (dies.start() <= clock.now()) {
                tearErasure(number);
            }
            throw new PowerLost();
        }
        double probability = failures.eraseFailureAt(block.cycles);
        if (probability > 0 && random.nextDouble() < probability) {
            block.unstable = true;
            writeMarks(number);
            return false;
        }
        if (endNanos > clock.now()) {
            pending[die].add(new PendingOperation(number, -1, dies.start(), endNanos, block.copy()));
            clear(block, false);
        } else {
            clear(block, true);
            writeErased(number);
        }
        return true;
    }

    /** Marks a block bad for ever. */
    public void markBad(int number) {
        settle(geometry.dieOfBlock(number));
        blocks[number].bad = true;
        writeMarks(number);
    }

    /** What has ended until now is in the file, if there is one. */
    public void settle() {
        for (int die = 0; die < pending.length; die++) {
            settle(die);
        }
    }

    /** Makes all that has ended until now survive the host. */
    public void force() {
        settle();
        if (file != null) {
            file.force();
        }
    }

    public void close() {
        if (file != null) {
            settle();
            file.close();
        }
    }

    /** The power goes: what is under way is torn, what had not begun does not happen. */
    public void powerFails() {
        for (int die = 0; die < pending.length; die++) {
            settle(die);
            Iterator<PendingOperation> newestFirst = pending[die].descendingIterator();
            while (newestFirst.hasNext()) {
                PendingOperation operation = newestFirst.next();
                undo(operation);
                if (operation.start() < clock.now()) {
                    redoTorn(operation);
                }
            }
            pending[die].clear();
        }
        dies.idle();
    }

    private void settle(int die) {
        ArrayDeque<PendingOperation> queue = pending[die];
        for (PendingOperation first = queue.peek(); first != null && first.end() <= clock.now(); first = queue.peek()) {
            if (first.index() < 0) {
                recycle(first.before());
                writeErased(first.block());
            } else {
                writeThrough(first.block(), first.index());
            }
            queue.remove();
        }
    }

    /** Only the oldest operation of a die can have begun and is redone, torn, after all younger ones were undone. */
    private void undo(PendingOperation operation) {
        FlashBlock block = blocks[operation.block()];
        if (operation.index() < 0) {
            block.restore(operation.before());
        } else if (operation.start() >= clock.now()) {
            removePage(block, operation.index());
        }
    }

    /** The last page of a block was not programmed after all. */
    private static void removePage(FlashBlock block, int index) {
        block.next = index;
        block.data[index] = null;
        Arrays.fill(block.spares, index * Spare.BYTES, (index + 1) * Spare.BYTES, (byte) 0);
    }

    private void redoTorn(PendingOperation operation) {
        if (operation.index() < 0) {
            tearErasure(operation.block());
        } else {
            tearPage(operation.block(), operation.index());
        }
    }

    /** A page of which the power was taken away while it was programmed: not at all, partly, or just in time. */
    private void tearPage(int number, int index) {
        FlashBlock block = blocks[number];
        int outcome = random.nextInt(TEAR_OUTCOMES);
        if (outcome == 0) {
            removePage(block, index);
            return;
        }
        if (outcome != 1) {
            byte[] torn = block.data[index].clone();
            for (int i = random.nextInt(NandGeometry.PAGE_BYTES); i < NandGeometry.PAGE_BYTES; i++) {
                torn[i] ^= (byte) (1 + random.nextInt(255));
            }
            block.data[index] = torn;
            if (outcome == 2) {
                spoilSpare(block, index);
            }
        }
        writeThrough(number, index);
    }

    private void tearErasure(int number) {
        FlashBlock block = blocks[number];
        int outcome = random.nextInt(TEAR_OUTCOMES - 1);
        if (outcome == 0 || block.spares == null) {
            return;
        }
        block.unstable = true;
        writeMarks(number);
        if (outcome == 1) {
            clear(block, false);
            block.unstable = true;
            writeErased(number);
            return;
        }
        for (int index = 0; index < block.next; index++) {
            if (random.nextBoolean()) {
                load(number, index);
                spoil(block, index);
                writeThrough(number, index);
            }
        }
    }

    private void load(int number, int index) {
        if (blocks[number].data[index] == null) {
            blocks[number].data[index] =
                    data(geometry.firstPage(number) + index).clone();
        }
    }

    private void spoil(FlashBlock block, int index) {
        byte[] spoiled = block.data[index].clone();
        spoiled[random.nextInt(NandGeometry.PAGE_BYTES)] ^= 1;
        block.data[index] = spoiled;
        spoilSpare(block, index);
    }

    private static void spoilSpare(FlashBlock block, int index) {
        int at = index * Spare.BYTES;
        block.spares[at] = (byte) (block.spares[at] | 0x40);
        block.spares[at + Spare.SPARE_CHECKSUM] ^= 0x5a;
    }

    private void clear(FlashBlock block, boolean recycle) {
        if (recycle) {
            recycle(block);
        }
        block.cycles++;
        block.unstable = false;
        block.next = 0;
        block.spares = null;
        block.data = null;
        block.lost = null;
    }

    private void recycle(FlashBlock block) {
        for (int index = 0; block.data != null && index < block.next; index++) {
            if (block.data[index] != null) {
                pool.give(block.data[index]);
            }
        }
    }

    private void writeThrough(int number, int index) {
        if (file != null) {
            FlashBlock block = blocks[number];
            file.writePage(geometry.firstPage(number) + index, block.data[index], block.spares, index * Spare.BYTES);
            pool.give(block.data[index]);
            block.data[index] = null;
        }
    }

    private void writeErased(int number) {
        if (file != null) {
            writeMarks(number);
            file.eraseSpares(number);
        }
    }

    private void writeMarks(int number) {
        if (file != null) {
            FlashBlock block = blocks[number];
            int factory = file.marks(number) & MARK_FACTORY;
            file.writeBlock(
                    number, block.cycles, factory | (block.bad ? MARK_BAD : 0) | (block.unstable ? MARK_UNSTABLE : 0));
        }
    }

    private int spareOf(int page) {
        return geometry.indexInBlock(page) * Spare.BYTES;
    }
}
