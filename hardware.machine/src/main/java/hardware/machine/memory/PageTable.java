// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

/**
 * The page tables of one address space: 48-bit virtual pages to frames, with permissions.
 *
 * <p>An entry has the frame number above its low twelve bits, and the flags in them where RISC-V's Sv48 has them. The
 * tree is not Sv48's four levels of 512: its nodes are small and skip the levels that have one child, so that an
 * address space with three distant areas costs about a kilobyte. The most recently used leaf is the translation
 * look-aside buffer. It holds entries, not copies of them, so a change needs no flush.
 *
 * <p>Changed by one thread at a time (the kernel sees to that), read by any number beside it. Who reads while an entry
 * changes sees it before or after, never half. A translation is a snapshot: whoever takes a mapping away makes sure by
 * other means that nobody still uses the address it gave.
 */
public final class PageTable {
    /** Set in every entry that maps something. */
    public static final int VALID = 1;
    /** The page may be read. */
    public static final int READ = 1 << 1;
    /** The page may be written. */
    public static final int WRITE = 1 << 2;
    /** The page may be executed. */
    public static final int EXECUTE = 1 << 3;
    /** User mode may use the page, as far as the other bits let it. */
    public static final int USER = 1 << 4;
    /** The bits of an entry that hardware ignores: software keeps there what it likes. */
    public static final int SOFTWARE = 0xf00;
    /** The software bit by which kernels mark a page that is copied before its first write. */
    public static final int COPY_ON_WRITE = 1 << 8;

    /** No page is mapped at that address. */
    public static final long FAULT_NOT_PRESENT = -1;
    /** A page is mapped there, but not for that kind of access. */
    public static final long FAULT_PROTECTION = -2;
    /** The address is no 48-bit address: bits 48 to 63 differ from bit 47. */
    public static final long FAULT_NON_CANONICAL = -3;

    private static final int FLAGS = PhysicalMemory.FRAME_BYTES - 1;
    private static final int ADDRESS_BITS = 48;
    private static final int SIGN_BITS = Long.SIZE - ADDRESS_BITS;
    private static final long LAST_PAGE = (1L << (ADDRESS_BITS - PhysicalMemory.FRAME_SHIFT)) - 1;

    private final PageNode.Inner root = PageNode.root();

    /** Read and written without ordering: a leaf is safe to publish so, and one that was pruned has no entries. */
    private PageNode.Leaf recent = PageNode.Leaf.NONE;

    private long pageCount;

    /** What is shown each mapped page by {@link #forEach}. */
    @FunctionalInterface
    public interface Visitor {
        /** A mapped page: its first virtual address and its entry. May unmap or protect that page, and no other. */
        void page(long virtualAddress, long entry);
    }

    /** The frame number in an entry. */
    public static long frameOf(long entry) {
        return entry >>> PhysicalMemory.FRAME_SHIFT;
    }

    /** The flags in an entry, {@link #VALID} and the software bits among them. */
    public static int flagsOf(long entry) {
        return (int) entry & FLAGS;
    }

    /**
     * The physical address of a virtual one, or a fault, which is negative. Allocates nothing.
     *
     * @param wantedFlags what the access needs, such as {@code READ | USER}
     * @return {@link #FAULT_NOT_PRESENT}, {@link #FAULT_PROTECTION}, {@link #FAULT_NON_CANONICAL} or the address
     */
    public long translate(long virtualAddress, int wantedFlags) {
        PageNode.Leaf leaf = recent;
        long entry = leaf.coversAddress(virtualAddress) ? leaf.entry(virtualAddress >>> PhysicalMemory.FRAME_SHIFT) : 0;
        if (entry == 0) {
            entry = walk(virtualAddress);
        }
        int needed = wantedFlags | VALID;
        if (entry > 0 && (entry & needed) == needed) {
            return (entry & ~FLAGS) | (virtualAddress & FLAGS);
        }
        return entry > 0 ? FAULT_PROTECTION : entry == 0 ? FAULT_NOT_PRESENT : entry;
    }

    /** The entry for an address, or 0 when nothing is mapped there or the address is not canonical. */
    public long entry(long virtualAddress) {
        return Math.max(0, walk(virtualAddress));
    }

    /**
     * Maps the page of an address to a frame; what was mapped there before is replaced.
     *
     * @param frame a frame number, 0 to 2^51 - 1
     * @param flags permissions and software bits; {@link #VALID} is implied
     * @throws IllegalArgumentException the address is not canonical, the frame number or a flag is out of range
     */
    public void map(long virtualAddress, long frame, int flags) {
        checkFlags(flags);
        if (frame < 0 || frame >>> 51 != 0) {
            throw new IllegalArgumentException("no frame has the number " + frame);
        }
        long page = pageOf(virtualAddress);
        PageNode.Leaf leaf = root.leafFor(page);
        if (leaf.entry(page) == 0) {
            leaf.used++;
            pageCount++;
        }
        leaf.set(page, (frame << PhysicalMemory.FRAME_SHIFT) | flags | VALID);
    }

    /**
     * Takes the mapping of a page away.
     *
     * @return the entry as it was, or 0 when there was none
     * @throws IllegalArgumentException the address is not canonical
     */
    public long unmap(long virtualAddress) {
        long page = pageOf(virtualAddress);
        PageNode.Leaf leaf = root.find(page);
        long entry = leaf == null ? 0 : leaf.entry(page);
        if (entry != 0) {
            leaf.set(page, 0);
            pageCount--;
            if (--leaf.used == 0) {
                root.prune(page);
                recent = PageNode.Leaf.NONE;
            }
        }
        return entry;
    }

    /**
     * Gives a mapped page other flags, all of them; the frame stays.
     *
     * @return false when nothing is mapped there
     * @throws IllegalArgumentException the address is not canonical or a flag is out of range
     */
    public boolean protect(long virtualAddress, int flags) {
        checkFlags(flags);
        long page = pageOf(virtualAddress);
        PageNode.Leaf leaf = root.find(page);
        long entry = leaf == null ? 0 : leaf.entry(page);
        if (entry == 0) {
            return false;
        }
        leaf.set(page, (entry & ~FLAGS) | flags | VALID);
        return true;
    }

    /** Takes all mappings away. */
    public void clear() {
        root.clear();
        recent = PageNode.Leaf.NONE;
        pageCount = 0;
    }

    /** How many pages are mapped. */
    public long pageCount() {
        return pageCount;
    }

    /** Shows all mapped pages, in ascending order of their addresses, the negative half last. */
    public void forEach(Visitor visitor) {
        root.forEach(0, LAST_PAGE, visitor);
    }

    /**
     * Shows the mapped pages of a range in ascending order, those that it touches only in part among them.
     *
     * @param bytes positive, or 0 for none
     * @throws IllegalArgumentException the first or last address is not canonical, or they are in different halves
     */
    public void forEach(long virtualAddress, long bytes, Visitor visitor) {
        if (bytes == 0) {
            return;
        }
        long last = virtualAddress + bytes - 1;
        if (bytes < 0 || virtualAddress < 0 != last < 0) {
            throw new IllegalArgumentException(
                    "%d bytes at 0x%x are no range of addresses".formatted(bytes, virtualAddress));
        }
        root.forEach(pageOf(virtualAddress), pageOf(last), visitor);
    }

    /** Whether an address is one: bits 48 to 63 equal bit 47. */
    public static boolean isCanonical(long virtualAddress) {
        return virtualAddress << SIGN_BITS >> SIGN_BITS == virtualAddress;
    }

    /** The entry through the tree, 0 or a negative fault; remembers the leaf. */
    private long walk(long virtualAddress) {
        if (!isCanonical(virtualAddress)) {
            return FAULT_NON_CANONICAL;
        }
        long page = (virtualAddress >>> PhysicalMemory.FRAME_SHIFT) & LAST_PAGE;
        PageNode.Leaf leaf = root.find(page);
        if (leaf == null) {
            return 0;
        }
        recent = leaf;
        return leaf.entry(page);
    }

    private static long pageOf(long virtualAddress) {
        if (!isCanonical(virtualAddress)) {
            throw new IllegalArgumentException("not a 48-bit address: 0x%x".formatted(virtualAddress));
        }
        return (virtualAddress >>> PhysicalMemory.FRAME_SHIFT) & LAST_PAGE;
    }

    private static void checkFlags(int flags) {
        if ((flags & ~FLAGS) != 0) {
            throw new IllegalArgumentException("flags are the low 12 bits of an entry, not 0x%x".formatted(flags));
        }
    }
}
