// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A node of a {@link PageTable}: a leaf with the entries of 32 neighbouring pages, or an inner node with 16 children.
 *
 * <p>A node covers an aligned range of page numbers, and a child may cover far less than its slot would allow: levels
 * with one child are left out. One thread changes a tree at a time; children and entries are published by release, so
 * that readers beside it find every node complete. A leaf without entries is cut off and never gets one again.
 */
abstract sealed class PageNode {
    private static final int LEAF_BITS = 5;
    private static final int INNER_BITS = 4;
    private static final int ROOT_SHIFT = LEAF_BITS + 7 * INNER_BITS;

    /** The first page number that the node covers. */
    final long firstPage;
    /** How many bits of a page number differ within the node. */
    final int bits;

    PageNode(long firstPage, int bits) {
        this.firstPage = firstPage;
        this.bits = bits;
    }

    /** An inner node that covers all 36-bit page numbers. */
    static Inner root() {
        return new Inner(0, ROOT_SHIFT);
    }

    final boolean covers(long page) {
        return (page ^ firstPage) >>> bits == 0;
    }

    /** Cuts all below off and empties it, for a reader may still remember a leaf. */
    abstract void clear();

    abstract void forEach(long first, long last, PageTable.Visitor visitor);

    /** The entries of 32 neighbouring pages. */
    static final class Leaf extends PageNode {
        /** Covers nothing; what a table without a recent leaf remembers. */
        static final Leaf NONE = new Leaf(-1);

        private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
        private static final int MASK = (1 << LEAF_BITS) - 1;
        private static final int ADDRESS_SHIFT = LEAF_BITS + PhysicalMemory.FRAME_SHIFT;
        private static final int SIGN_SHIFT = 16;

        /** How many entries are not 0; for the thread that changes the tree. */
        int used;

        private final long addressPrefix;
        private final long[] entries = new long[1 << LEAF_BITS];

        Leaf(long page) {
            super(page & ~MASK, LEAF_BITS);
            addressPrefix = page < 0 ? Long.MIN_VALUE : addressOf(firstPage) >> ADDRESS_SHIFT;
        }

        /** Whether the address is in the leaf; never true of an address that is not canonical. */
        boolean coversAddress(long virtualAddress) {
            return virtualAddress >> ADDRESS_SHIFT == addressPrefix;
        }

        long entry(long page) {
            return (long) ENTRY.getAcquire(entries, (int) page & MASK);
        }

        void set(long page, long entry) {
            ENTRY.setRelease(entries, (int) page & MASK, entry);
        }

        @Override
        void clear() {
            for (int index = 0; index <= MASK; index++) {
                set(index, 0);
            }
            used = 0;
        }

        @Override
        void forEach(long first, long last, PageTable.Visitor visitor) {
            long end = Math.min(last, firstPage + MASK);
            for (long page = Math.max(first, firstPage); page <= end; page++) {
                long entry = entry(page);
                if (entry != 0) {
                    visitor.page(addressOf(page), entry);
                }
            }
        }

        private static long addressOf(long page) {
            return page << (PhysicalMemory.FRAME_SHIFT + SIGN_SHIFT) >> SIGN_SHIFT;
        }
    }

    /** Sixteen children, each of which covers a part of one sixteenth of the node's range. */
    static final class Inner extends PageNode {
        private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(PageNode[].class);
        private static final int MASK = (1 << INNER_BITS) - 1;

        private final int shift;
        private final PageNode[] children = new PageNode[1 << INNER_BITS];

        Inner(long page, int shift) {
            super(page & (-1L << (shift + INNER_BITS)), shift + INNER_BITS);
            this.shift = shift;
        }

        /** The leaf that covers the page, or null. */
        Leaf find(long page) {
            PageNode node = child(page);
            while (node instanceof Inner inner && inner.covers(page)) {
                node = inner.child(page);
            }
            return node instanceof Leaf leaf && leaf.covers(page) ? leaf : null;
        }

        /** The leaf that covers the page, grown if need be. */
        Leaf leafFor(long page) {
            Inner parent = this;
            for (; ; ) {
                PageNode node = parent.child(page);
                if (node != null && node.covers(page)) {
                    if (node instanceof Leaf leaf) {
                        return leaf;
                    }
                    parent = (Inner) node;
                } else if (node == null) {
                    Leaf leaf = new Leaf(page);
                    parent.setChild(page, leaf);
                    return leaf;
                } else {
                    Inner fork = new Inner(page, forkShift(page, node.firstPage));
                    fork.setChild(node.firstPage, node);
                    parent.setChild(page, fork);
                    parent = fork;
                }
            }
        }

        /** The shift of the lowest inner node that has both pages, in different slots. */
        private static int forkShift(long page, long other) {
            int highestDifference = Long.SIZE - 1 - Long.numberOfLeadingZeros(page ^ other);
            return LEAF_BITS + (highestDifference - LEAF_BITS) / INNER_BITS * INNER_BITS;
        }

        /** Cuts off the leaf that covers the page, and what becomes empty above it; true when this node is. */
        boolean prune(long page) {
            PageNode node = child(page);
            if (node instanceof Leaf || (node instanceof Inner inner && inner.prune(page))) {
                setChild(page, null);
            }
            for (PageNode child : children) {
                if (child != null) {
                    return false;
                }
            }
            return true;
        }

        @Override
        void clear() {
            for (int index = 0; index < children.length; index++) {
                PageNode child = (PageNode) CHILD.getAcquire(children, index);
                if (child != null) {
                    child.clear();
                    CHILD.setRelease(children, index, null);
                }
            }
        }

        @Override
        void forEach(long first, long last, PageTable.Visitor visitor) {
            for (int index = 0; index < children.length; index++) {
                PageNode child = (PageNode) CHILD.getAcquire(children, index);
                if (child != null && child.firstPage <= last && child.firstPage + (1L << child.bits) > first) {
                    child.forEach(first, last, visitor);
                }
            }
        }

        private PageNode child(long page) {
            return (PageNode) CHILD.getAcquire(children, (int) (page >>> shift) & MASK);
        }

        private void setChild(long page, PageNode child) {
            CHILD.setRelease(children, (int) (page >>> shift) & MASK, child);
        }
    }
}
