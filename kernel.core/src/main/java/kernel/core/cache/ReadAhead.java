// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

/**
 * How far ahead of its reader an open file is read: a window that doubles while it reads on, and a mark in it at which the next window is fetched
 * while the reader is busy with this one (Linux: struct file_ra_state, mm/readahead.c). Sharers of the open file race, and only the guess suffers.
 */
public final class ReadAhead {
    /** Linux's default of read_ahead_kb is 128. */
    private static final int PAGES_MAX = 32;

    private final int pagesMax;
    private long start;
    private int size;
    private int asyncSize;
    private long previousPage = -1;

    /** With the usual largest window. */
    public ReadAhead() {
        this(PAGES_MAX);
    }

    /** @param pagesMax the largest window */
    ReadAhead(int pagesMax) {
        this.pagesMax = pagesMax;
    }

    /** The reader is done with everything up to that page. */
    void read(long page) {
        previousPage = page;
    }

    /** The first page to fetch. */
    long start() {
        return start;
    }

    /** How many pages to fetch from {@link #start} on. */
    int size() {
        return size;
    }

    /** The page that, when it is read, fetches the next window. */
    long mark() {
        return asyncSize == 0 ? -1 : start + size - asyncSize;
    }

    /**
     * The reader wants pages and the first is not there; sets what to fetch.
     *
     * @param wanted how many it wants, from {@code index} on
     */
    void miss(FileMapping mapping, long index, long wanted) {
        int request = (int) Math.min(wanted, pagesMax);
        boolean goesOn = index == start + size - asyncSize || index == start + size;
        if (index == 0 || wanted > pagesMax || (index - previousPage <= 1 && index >= previousPage)) {
            begin(index, request);
        } else if (goesOn && size > 0) {
            advance(index);
        } else if (!continuesWhatIsCached(mapping, index, request)) {
            // A single read somewhere: just that.
            start = index;
            size = request;
            asyncSize = 0;
        }
        mergeWithNext(index);
    }

    /** The reader has come to the marked page; sets what to fetch. False when there is nothing to. */
    boolean reachMark(FileMapping mapping, long index, long wanted) {
        if (size > 0 && index == start + size - asyncSize) {
            advance(index);
            return true;
        }
        // Somebody else's mark: on from where the pages that are there end.
        long hole = mapping.firstAbsent(index + 1, pagesMax);
        if (hole < 0) {
            return false;
        }
        start = hole;
        size = next((int) (hole - index + Math.min(wanted, pagesMax)));
        asyncSize = size;
        return true;
    }

    private void begin(long index, int request) {
        start = index;
        size = initial(request);
        asyncSize = size > request ? size - request : size;
    }

    private void advance(long index) {
        start += size;
        if (start < index) {
            start = index;
        }
        size = next(size);
        asyncSize = size;
    }

    /** Many pages before this one are there: the reader is one of several in the same file, and sequential after all. */
    private boolean continuesWhatIsCached(FileMapping mapping, long index, int request) {
        int before = mapping.presentBefore(index, pagesMax);
        if (before <= request) {
            return false;
        }
        int base = before >= index ? before * 2 : before;
        start = index;
        size = Math.min(base + request, pagesMax);
        asyncSize = 1;
        return true;
    }

    /** The window begins at its own mark, which the reader would reach at once: two windows in one. */
    private void mergeWithNext(long index) {
        if (index == start && size == asyncSize && size > 0) {
            int added = next(size);
            if (size + added <= pagesMax) {
                asyncSize = added;
                size += added;
            } else {
                size = pagesMax;
                asyncSize = pagesMax >> 1;
            }
        }
    }

    private int initial(int request) {
        int size2 = request <= 1 ? 1 : Integer.highestOneBit(request - 1) << 1;
        if (size2 <= pagesMax / 32) {
            return size2 * 4;
        }
        return size2 <= pagesMax / 4 ? size2 * 2 : pagesMax;
    }

    private int next(int current) {
        if (current < pagesMax / 16) {
            return 4 * Math.max(1, current);
        }
        return current <= pagesMax / 2 ? 2 * current : pagesMax;
    }
}
