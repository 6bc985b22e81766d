// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static kernel.core.memory.AddressSpace.FAULT_BUS;
import static kernel.core.memory.AddressSpace.FAULT_NO_MEMORY;

import hardware.machine.memory.PageTable;
import hardware.machine.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import kernel.api.context.ProcessContext;
import kernel.api.memory.Pager;

/** How pages come into the page table of a process: zero, copied, or from a file (Linux: mm/memory.c). By the process itself. */
final class PageFaults {
    /** The answer of one who is to begin again. */
    private static final long AGAIN = Long.MIN_VALUE;

    private final PageAllocator allocator;
    private final PhysicalMemory memory;
    private final UserPages pages;

    PageFaults(PageAllocator allocator, UserPages pages) {
        this.allocator = allocator;
        this.pages = pages;
        memory = allocator.memory();
    }

    /** For a page of no file, or a copy of one. Answers the frame, or a fault. Memory is looked for without the lock, for whoever gives some may take pages away to do so. */
    long anonymous(Area area, long page, boolean write) {
        int flags = area.permissions() | PageTable.USER;
        for (; ; ) {
            long entry = pages.table().entry(page);
            if (entry == 0 && area.backing() != null) {
                return AGAIN;
            }
            if (entry != 0 && (!write || isOwn(area, entry))) {
                if (protectIfStill(page, entry, write ? flags : PageTable.flagsOf(entry))) {
                    return PageTable.frameOf(entry);
                }
            } else {
                long fresh = entry == 0 ? zeroed() : copyOf(PageTable.frameOf(entry));
                if (fresh < 0 || mapIfStill(page, entry, fresh, flags)) {
                    return fresh;
                }
                allocator.put(fresh);
            }
        }
    }

    /** Who is alone with a page of no file keeps it; all others get a copy. */
    private boolean isOwn(Area area, long entry) {
        return area.shared() || allocator.isSole(PageTable.frameOf(entry));
    }

    private boolean protectIfStill(long page, long before, int flags) {
        pages.lock();
        boolean still = pages.table().entry(page) == before;
        if (still) {
            pages.table().protect(page, flags & ~PageTable.VALID);
        }
        pages.unlock();
        return still;
    }

    /** Puts a page in place of the one before, unless somebody has taken that away. */
    private boolean mapIfStill(long page, long before, long frame, int flags) {
        pages.lock();
        boolean still = pages.table().entry(page) == before;
        if (still) {
            pages.table().map(page, frame, flags);
            if (before != 0) {
                pages.put(before);
            }
        }
        pages.unlock();
        return still;
    }

    private long zeroed() {
        long frame = allocator.allocateZeroed();
        return frame < 0 ? FAULT_NO_MEMORY : frame;
    }

    private long copyOf(long frame) {
        long copy = allocator.allocate(0);
        if (copy < 0) {
            return FAULT_NO_MEMORY;
        }
        memory.frame(copy).copyFrom(memory.frame(frame));
        return copy;
    }

    /** Answers the frame, or a fault. May sleep in the file's pager. */
    long ofFile(ProcessContext context, Area area, long page, boolean write) {
        Backing backing = area.backing();
        long offset = area.offsetOf(page);
        for (; ; ) {
            long generation = backing.mappings().generation();
            long entry = pages.table().entry(page);
            if (entry != 0 && (entry & UserPages.FILE) == 0) {
                long frame = anonymous(area, page, write);
                if (frame != AGAIN) {
                    return frame;
                }
                continue;
            }
            long physical = entry != 0
                    ? PageTable.frameOf(entry) << PhysicalMemory.FRAME_SHIFT
                    : backing.fault(context, offset, write && area.shared());
            if (physical < 0) {
                return faultOf(physical);
            }
            long answer = write && !area.shared()
                    ? mapCopy(area, page, generation, entry, physical >>> PhysicalMemory.FRAME_SHIFT)
                    : mapFile(context, area, page, write, generation, entry, physical);
            if (answer != AGAIN) {
                return answer;
            }
        }
    }

    private static long faultOf(long answer) {
        return answer == Pager.NO_MEMORY ? FAULT_NO_MEMORY : FAULT_BUS;
    }

    /** The reference that came with a page which is not mapped after all. */
    private void giveBack(Area area, long before, long frame) {
        if (before == 0 && area.backing().countsPages()) {
            allocator.put(frame);
        }
    }

    /** Maps the file's own page; {@link #AGAIN} when pages were taken away meanwhile. */
    private long mapFile(
            ProcessContext context, Area area, long page, boolean write, long generation, long before, long physical) {
        Backing backing = area.backing();
        long frame = physical >>> PhysicalMemory.FRAME_SHIFT;
        long refused = write ? backing.makeWritable(context, area.offsetOf(page), physical) : 0;
        int flags = area.permissions() | PageTable.USER | UserPages.FILE;
        flags |= backing.countsPages() ? 0 : UserPages.UNCOUNTED;
        if (!area.shared()) {
            flags = (flags & ~PageTable.WRITE) | PageTable.COPY_ON_WRITE;
        } else if (!write) {
            flags &= ~PageTable.WRITE;
        }
        pages.lock();
        boolean still = refused >= 0 && isStill(backing, generation, page, before);
        if (still) {
            pages.table().map(page, frame, flags);
        }
        pages.unlock();
        if (still) {
            return frame;
        }
        giveBack(area, before, frame);
        return refused < 0 ? faultOf(refused) : AGAIN;
    }

    /** Maps a copy of the file's page; {@link #AGAIN} when pages were taken away meanwhile. */
    private long mapCopy(Area area, long page, long generation, long before, long frame) {
        long copy = copyOf(frame);
        pages.lock();
        boolean still = copy >= 0 && isStill(area.backing(), generation, page, before);
        if (still) {
            pages.table().map(page, copy, area.permissions() | PageTable.USER);
            if (before != 0) {
                pages.put(before);
            }
        }
        pages.unlock();
        giveBack(area, before, frame);
        if (!still && copy >= 0) {
            allocator.put(copy);
        }
        return still || copy < 0 ? copy : AGAIN;
    }

    private boolean isStill(Backing backing, long generation, long page, long before) {
        return backing.mappings().generation() == generation && pages.table().entry(page) == before;
    }

    /** Gives the pages of an area the permissions that it has now. */
    void protect(Area area) {
        pages.lock();
        pages.table().forEach(area.start(), area.end() - area.start(), (page, entry) -> {
            int kept = (int) entry & (UserPages.FILE | UserPages.UNCOUNTED);
            boolean ownFile = (entry & UserPages.FILE) != 0;
            boolean mayWrite = ownFile
                    ? area.shared() && (entry & PageTable.WRITE) != 0
                    : area.shared() || allocator.isSole(PageTable.frameOf(entry));
            int permissions = mayWrite ? area.permissions() : area.permissions() & ~PageTable.WRITE;
            pages.table().protect(page, permissions | PageTable.USER | kept);
        });
        pages.unlock();
    }

    /**
     * Fills the page table of a forked child. A page that a device is at work on is copied for the child, for it must stay the parent's; pages of files
     * the child gets by faults of its own.
     *
     * @return false when there is no memory for the copies; what was done belongs to the child
     */
    boolean copyTo(AreaMap areas, UserPages child) {
        List<Long> pinned = new ArrayList<>();
        pages.lock();
        pages.table().forEach((page, entry) -> {
            Area area = areas.at(page);
            long frame = PageTable.frameOf(entry);
            int flags = area.permissions() | PageTable.USER;
            if ((entry & UserPages.FILE) != 0) {
                return;
            }
            if (!area.shared() && allocator.isPinned(frame)) {
                pinned.add(page);
                return;
            }
            if (!area.shared() && area.isWritable()) {
                flags = (flags & ~PageTable.WRITE) | PageTable.COPY_ON_WRITE;
                pages.table().protect(page, flags);
            }
            allocator.get(frame);
            child.table().map(page, frame, flags);
        });
        pages.unlock();
        for (long page : pinned) {
            long entry = pages.table().entry(page);
            if (entry == 0) {
                // A private copy that went when its file was truncated.
                continue;
            }
            long copy = copyOf(PageTable.frameOf(entry));
            if (copy < 0) {
                return false;
            }
            child.table().map(page, copy, areas.at(page).permissions() | PageTable.USER);
        }
        return true;
    }
}
