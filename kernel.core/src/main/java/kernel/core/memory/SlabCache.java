// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PhysicalMemory;
import java.util.ArrayDeque;

/** Pieces of one size, cut from pages (Linux: struct kmem_cache). All of it under the heap's lock. */
final class SlabCache {
    private final int slotBytes;
    private final int slotsPerSlab;
    private final PageAllocator pages;
    /** Slabs with room, the one to take from first. */
    private final ArrayDeque<Slab> partial = new ArrayDeque<>();

    private int slabs;
    private int used;
    private int empty;

    SlabCache(int slotBytes, PageAllocator pages) {
        this.slotBytes = slotBytes;
        this.pages = pages;
        slotsPerSlab = PhysicalMemory.FRAME_BYTES / slotBytes;
    }

    int slotBytes() {
        return slotBytes;
    }

    int slotsPerSlab() {
        return slotsPerSlab;
    }

    long pageBytes() {
        return (long) slabs * PhysicalMemory.FRAME_BYTES;
    }

    /** A slab with a free slot, a new one if need be; null when there is no page for it. */
    Slab slabWithRoom() {
        Slab slab = partial.peekFirst();
        if (slab == null) {
            long frame = pages.allocate(0);
            if (frame < 0) {
                return null;
            }
            slab = new Slab(this, frame);
            partial.addFirst(slab);
            slabs++;
            empty++;
        }
        return slab;
    }

    int take(Slab slab) {
        if (slab.isEmpty()) {
            empty--;
        }
        int slot = slab.take();
        used++;
        if (slab.isFull()) {
            partial.remove(slab);
        }
        return slot;
    }

    void give(Slab slab, int slot) {
        if (slab.isFull()) {
            partial.addFirst(slab);
        }
        slab.give(slot);
        used--;
        if (slab.isEmpty()) {
            if (empty > 0) {
                partial.remove(slab);
                slabs--;
                pages.free(slab.frame(), 0);
            } else {
                empty++;
            }
        }
    }

    void describe(StringBuilder text) {
        text.append(pad("kmalloc-" + slotBytes, -17)).append(' ');
        text.append(pad(Integer.toString(used), 6)).append(' ');
        text.append(pad(Integer.toString(slabs * slotsPerSlab), 6)).append(' ');
        text.append(pad(Integer.toString(slotBytes), 6)).append(' ');
        text.append(pad(Integer.toString(slotsPerSlab), 4)).append("    1 : tunables    0    0    0 : slabdata ");
        text.append(pad(Integer.toString(slabs - empty), 6)).append(' ');
        text.append(pad(Integer.toString(slabs), 6)).append("      0\n");
    }

    private static String pad(String text, int width) {
        String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
        return width < 0 ? text + blanks : blanks + text;
    }
}
