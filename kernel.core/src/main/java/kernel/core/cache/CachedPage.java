// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A page of a file in a frame of memory (Linux: struct page of the page cache). Whether its bytes are valid, and whether they are newer than the
 * device's, is kept for each of its eight sectors, since blocks may be smaller than pages.
 *
 * <p>Whoever holds the page's lock may fill it. A reference keeps it in memory; one is the index's own.
 */
final class CachedPage {
    static final int SHIFT = 12;
    static final int BYTES = 1 << SHIFT;
    static final int SECTOR_SHIFT = 9;
    /** All eight sectors. */
    static final int ALL = 0xff;

    private static final int DIRTY_SHIFT = 8;
    private static final int PLACED_SHIFT = 16;
    private static final int LOCKED = 1 << 24;
    private static final int WRITEBACK = 1 << 25;
    private static final int ERROR = 1 << 26;
    private static final int REFERENCED = 1 << 27;
    private static final int READ_AHEAD = 1 << 28;
    private static final int REMOVED = 1 << 29;

    private static final VarHandle STATE;
    private static final VarHandle REFERENCES;
    private static final VarHandle READ_PIECES;
    private static final VarHandle WRITE_PIECES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(CachedPage.class, "state", int.class);
            REFERENCES = lookup.findVarHandle(CachedPage.class, "references", int.class);
            READ_PIECES = lookup.findVarHandle(CachedPage.class, "readPieces", int.class);
            WRITE_PIECES = lookup.findVarHandle(CachedPage.class, "writePieces", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FileMapping mapping;
    private final long index;
    private final long frame;

    @SuppressWarnings("unused") // by its handle
    private volatile int state;

    private volatile int references = 1;
    // Some sectors may be on their way in while others are on their way out.
    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private volatile int readPieces;

    @SuppressWarnings("UnusedVariable") // by its VarHandle
    private volatile int writePieces;

    // Its place in the list of all pages, see PageList.
    CachedPage newer;
    CachedPage older;
    boolean listed;

    /** One with nothing valid in it. */
    CachedPage(FileMapping mapping, long index, long frame) {
        this.mapping = mapping;
        this.index = index;
        this.frame = frame;
    }

    FileMapping mapping() {
        return mapping;
    }

    /** Which page of the file. */
    long index() {
        return index;
    }

    long frame() {
        return frame;
    }

    long physicalAddress() {
        return frame << SHIFT;
    }

    /** The sectors that a range of the page touches, as bits. */
    static int sectors(int offset, int length) {
        int first = offset >>> SECTOR_SHIFT;
        int end = (offset + length + (1 << SECTOR_SHIFT) - 1) >>> SECTOR_SHIFT;
        return (1 << end) - (1 << first);
    }

    // ---- what its bytes are

    int upToDate() {
        return state & ALL;
    }

    boolean isUpToDate() {
        return (state & ALL) == ALL;
    }

    void addUpToDate(int sectors) {
        set(sectors);
    }

    int dirty() {
        return state >>> DIRTY_SHIFT & ALL;
    }

    boolean isDirty() {
        return dirty() != 0;
    }

    /** Under the mapping's lock, where the index is told as well. */
    void addDirty(int sectors) {
        set(sectors << DIRTY_SHIFT);
    }

    /** Under the mapping's lock. */
    void clearDirty(int sectors) {
        clear(sectors << DIRTY_SHIFT);
    }

    /** The sectors that are known to have a place on the device. */
    int placed() {
        return state >>> PLACED_SHIFT & ALL;
    }

    void addPlaced(int sectors) {
        set(sectors << PLACED_SHIFT);
    }

    /** They have no place any more: the file was cut. */
    void clearPlaced(int sectors) {
        clear(sectors << PLACED_SHIFT);
    }

    // ---- marks

    boolean isLocked() {
        return (state & LOCKED) != 0;
    }

    boolean tryLock() {
        return (set(LOCKED) & LOCKED) == 0;
    }

    /** Lets it go; whoever waits is to be woken by the caller. */
    void unlock() {
        clear(LOCKED);
    }

    boolean isWriteback() {
        return (state & WRITEBACK) != 0;
    }

    void setWriteback(boolean on) {
        mark(WRITEBACK, on);
    }

    boolean isError() {
        return (state & ERROR) != 0;
    }

    void setError(boolean on) {
        mark(ERROR, on);
    }

    /** Notes an access, for whoever looks for pages to give back. */
    void touch() {
        if ((state & REFERENCED) == 0) {
            set(REFERENCED);
        }
    }

    boolean takeReferenced() {
        return (state & REFERENCED) != 0 && (clear(REFERENCED) & REFERENCED) != 0;
    }

    /** Marks the page at which the next read-ahead begins. */
    void setReadAhead() {
        set(READ_AHEAD);
    }

    boolean takeReadAhead() {
        return (state & READ_AHEAD) != 0 && (clear(READ_AHEAD) & READ_AHEAD) != 0;
    }

    /** It is not in the mapping any more. */
    boolean isRemoved() {
        return (state & REMOVED) != 0;
    }

    void setRemoved() {
        set(REMOVED);
    }

    private void mark(int bit, boolean on) {
        if (on) {
            set(bit);
        } else {
            clear(bit);
        }
    }

    private int set(int bits) {
        return (int) STATE.getAndBitwiseOr(this, bits);
    }

    private int clear(int bits) {
        return (int) STATE.getAndBitwiseAnd(this, ~bits);
    }

    // ---- counts

    int references() {
        return references;
    }

    void get() {
        int before = (int) REFERENCES.getAndAdd(this, 1);
        assert before > 0;
    }

    /** Gives a reference back; true when it was the last and the frame is to be freed. */
    boolean put() {
        return (int) REFERENCES.getAndAdd(this, -1) == 1;
    }

    /** One more transfer that it is part of. */
    void addPiece(boolean isWrite) {
        (isWrite ? WRITE_PIECES : READ_PIECES).getAndAdd(this, 1);
    }

    /** One transfer is over; true when it was the last. */
    boolean endPiece(boolean isWrite) {
        return (int) (isWrite ? WRITE_PIECES : READ_PIECES).getAndAdd(this, -1) == 1;
    }

    @Override
    public String toString() {
        return "page " + index + " of " + mapping;
    }
}
