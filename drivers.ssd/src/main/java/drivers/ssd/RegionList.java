// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import hardware.ssd.registers.PhysicalRegions;
import kernel.api.dma.CoherentMemory;
import kernel.api.dma.ScatterList;

/**
 * The physical regions of one command: where its data is, for the device to find (Linux: nvme_pci_setup_data_prp). The list has a page of its own, made
 * with the queue, which is enough for {@link #BYTES_MAX}.
 */
final class RegionList {
    /** The most data of a command: a region for the rest of the first page, and a list that does not go on in another page. */
    static final int BYTES_MAX = PhysicalRegions.ENTRIES_PER_PAGE * PhysicalRegions.PAGE_BYTES;
    /** The most pieces. */
    static final int PIECES_MAX = PhysicalRegions.ENTRIES_PER_PAGE + 1;

    private static final int PAGE_MASK = PhysicalRegions.PAGE_BYTES - 1;
    private static final int FIRST_ALIGNMENT_MASK = 3;

    private final CoherentMemory memory;
    private final long at;
    private long first;
    private long second;

    /** @param at offset of its page */
    RegionList(CoherentMemory memory, long at) {
        this.memory = memory;
        this.at = at;
    }

    /** PRP1 of the command. */
    long first() {
        return first;
    }

    /** PRP2 of the command. */
    long second() {
        return second;
    }

    /**
     * Describes mapped memory.
     *
     * @return false when it cannot be described: a gap within a page, too long, or not aligned
     */
    boolean describe(ScatterList data) {
        int pieces = data.size();
        int listed = 0;
        first = pieces == 0 ? 0 : data.busAddress(0);
        second = 0;
        for (int i = 0; i < pieces; i++) {
            long address = data.busAddress(i);
            long end = address + data.bytes(i);
            boolean gap = (i > 0 && (address & PAGE_MASK) != 0) || (i < pieces - 1 && (end & PAGE_MASK) != 0);
            if (gap) {
                return false;
            }
            long page = i == 0 ? (address | PAGE_MASK) + 1 : address;
            for (; page < end; page += PhysicalRegions.PAGE_BYTES) {
                if (listed == PhysicalRegions.ENTRIES_PER_PAGE) {
                    return false;
                }
                memory.putLong(at + (long) listed * PhysicalRegions.ENTRY_BYTES, page);
                second = listed++ == 0 ? page : memory.busAddress() + at;
            }
        }
        return (first & FIRST_ALIGNMENT_MASK) == 0;
    }

    /** Describes a range of blocks to be deallocated, itself kept in the page of the list. */
    void describeRange(long words, long firstBlock) {
        memory.putLong(at, words);
        memory.putLong(at + Long.BYTES, firstBlock);
        first = memory.busAddress() + at;
        second = 0;
    }
}
