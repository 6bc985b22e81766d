// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

/**
 * The pages of a mapping by their number: a tree of nodes with 64 slots each, as high as the largest number needs, with marks for what is dirty
 * and what is being written (Linux: struct xarray and its tags). Guarded by the mapping's lock. A lookup allocates nothing.
 */
final class PageIndex {
    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int MASK = SLOTS - 1;

    /** A set of slots that each node keeps; a slot is in it when a page below is. */
    enum Mark {
        PRESENT,
        DIRTY,
        WRITEBACK
    }

    private static final int MARKS = 3;

    private static final class Node {
        final Object[] slots = new Object[SLOTS];
        final long[] marks = new long[MARKS];

        long marked(Mark mark) {
            return marks[mark.ordinal()];
        }

        void set(Mark mark, int slot, boolean on) {
            long bit = 1L << slot;
            marks[mark.ordinal()] = on ? marks[mark.ordinal()] | bit : marks[mark.ordinal()] & ~bit;
        }
    }

    private Node root;
    /** Levels of nodes; 0 when there are none. */
    private int height;

    private int count;

    int count() {
        return count;
    }

    CachedPage get(long index) {
        if (!fits(index)) {
            return null;
        }
        Object at = root;
        for (int level = height - 1; level >= 0 && at != null; level--) {
            at = ((Node) at).slots[slot(index, level)];
        }
        return (CachedPage) at;
    }

    /** Enters a page where there is none. */
    void put(CachedPage page) {
        long index = page.index();
        while (!fits(index)) {
            grow();
        }
        Node node = root;
        for (int level = height - 1; level > 0; level--) {
            int slot = slot(index, level);
            node.set(Mark.PRESENT, slot, true);
            Node next = (Node) node.slots[slot];
            if (next == null) {
                next = new Node();
                node.slots[slot] = next;
            }
            node = next;
        }
        int slot = slot(index, 0);
        node.slots[slot] = page;
        node.set(Mark.PRESENT, slot, true);
        count++;
    }

    private boolean fits(long index) {
        return height > 0 && (height * BITS >= Long.SIZE || index >>> (height * BITS) == 0);
    }

    private void grow() {
        Node above = new Node();
        if (root != null) {
            above.slots[0] = root;
            for (int mark = 0; mark < MARKS; mark++) {
                above.marks[mark] = root.marks[mark] != 0 ? 1 : 0;
            }
        }
        root = above;
        height++;
    }

    void remove(long index) {
        remove(root, height - 1, index);
        count--;
        if (count == 0) {
            root = null;
            height = 0;
        }
    }

    /** Whether the node is empty now. */
    private boolean remove(Node node, int level, long index) {
        int slot = slot(index, level);
        Node below = level == 0 ? null : (Node) node.slots[slot];
        if (below == null || remove(below, level - 1, index)) {
            node.slots[slot] = null;
            for (int mark = 0; mark < MARKS; mark++) {
                node.marks[mark] &= ~(1L << slot);
            }
        } else {
            for (int mark = 0; mark < MARKS; mark++) {
                node.marks[mark] &= below.marks[mark] != 0 ? -1L : ~(1L << slot);
            }
        }
        return node.marked(Mark.PRESENT) == 0;
    }

    /** Marks a page that is in the index, or not any more. */
    void mark(long index, Mark mark, boolean on) {
        mark(root, height - 1, index, mark, on);
    }

    private void mark(Node node, int level, long index, Mark mark, boolean on) {
        int slot = slot(index, level);
        boolean below = on;
        if (level > 0) {
            Node next = (Node) node.slots[slot];
            mark(next, level - 1, index, mark, on);
            below = next.marked(mark) != 0;
        }
        node.set(mark, slot, below);
    }

    /** The first page with that mark from that number on, or null. */
    CachedPage next(long from, Mark mark) {
        return from < 0 || !fits(from) ? null : next(root, height - 1, from, mark);
    }

    private static CachedPage next(Node node, int level, long from, Mark mark) {
        int first = slot(from, level);
        long candidates = node.marked(mark) & -1L << first;
        while (candidates != 0) {
            int slot = Long.numberOfTrailingZeros(candidates);
            if (level == 0) {
                return (CachedPage) node.slots[slot];
            }
            CachedPage found = next((Node) node.slots[slot], level - 1, slot == first ? from : 0, mark);
            if (found != null) {
                return found;
            }
            candidates &= candidates - 1;
        }
        return null;
    }

    private static int slot(long index, int level) {
        return (int) (index >>> (level * BITS)) & MASK;
    }
}
