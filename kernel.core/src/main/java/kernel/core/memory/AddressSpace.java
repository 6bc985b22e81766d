// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.EEXIST;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.memory.PageTable;
import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Task;
import kernel.core.execution.UserSpace;

/**
 * The memory of a process: areas of addresses, and pages that come when they are first touched (Linux: mm_struct). Anonymous pages are shared with a
 * forked child until one of the two writes; those of files come from the file's pager and may be taken away again. The areas are changed by their own
 * process only, in kernel mode.
 *
 * <p>The kernel reaches it as {@link UserSpace} and never asks what is behind; a program reaches it by {@link #pages}.
 */
public final class AddressSpace implements UserSpace {
    /** One above the highest user address (Linux: TASK_SIZE of x86-64). */
    public static final long END = 0x7fff_ffff_f000L;
    /** Where the text of every program begins; it has no bytes there. */
    public static final long TEXT_START = 0x40_0000L;
    /** Where the heap begins. */
    public static final long HEAP_START = 0x1000_0000L;

    public static final long STACK_BYTES = 8L << 20;
    /** One above the highest stack address. */
    public static final long STACK_TOP = END;

    /** There is no area at that address (SEGV_MAPERR). */
    public static final long FAULT_NO_AREA = -1;
    /** The area does not allow that access (SEGV_ACCERR). */
    public static final long FAULT_ACCESS = -2;
    /** There is no memory left. */
    public static final long FAULT_NO_MEMORY = -3;
    /** There is an area, but no page behind it (SIGBUS). */
    public static final long FAULT_BUS = -4;

    static final int PAGE = PhysicalMemory.FRAME_BYTES;

    private static final int OFFSET = PAGE - 1;
    /** Mappings are put below this, downwards. */
    private static final long MMAP_TOP = STACK_TOP - STACK_BYTES - (128L << 20);

    private static final int USER_READ = PageTable.READ | PageTable.USER;
    private static final int USER_WRITE = PageTable.WRITE | PageTable.USER;
    private static final String HEAP = "[heap]";
    private static final String STACK = "[stack]";

    private final PageAllocator allocator;
    private final PhysicalMemory memory;
    private final UserPages pages;
    private final AreaMap areas;
    private final PageFaults faults;
    private volatile boolean mayLosePages;
    private long heapEnd = HEAP_START;

    /** An empty one with a stack. */
    public AddressSpace(PageAllocator allocator) {
        this(
                allocator,
                Area.anonymous(STACK_TOP - STACK_BYTES, STACK_TOP, PageTable.READ | PageTable.WRITE, false, STACK));
    }

    @SuppressWarnings("this-escape") // kept, not used
    private AddressSpace(PageAllocator allocator, Area... initial) {
        this.allocator = allocator;
        memory = allocator.memory();
        pages = new UserPages(allocator);
        areas = new AreaMap(this, initial);
        faults = new PageFaults(allocator, pages);
        mayLosePages = areas.hasBacking();
    }

    /** What a program's loads and stores go through; a fault there is for {@link #fault}. */
    public PageTable pages() {
        return pages.table();
    }

    public PhysicalMemory memory() {
        return memory;
    }

    PageAllocator allocator() {
        return allocator;
    }

    /** Whether all of a range lies below the kernel's addresses (Linux: access_ok). */
    public static boolean isUserRange(long address, long length) {
        return length >= 0 && address >= 0 && length <= END && address <= END - length;
    }

    // ---- faults

    /**
     * Makes a page accessible that was not: fills it with zeroes, copies it, or has it from its file. May sleep.
     *
     * @param context of its own process; may be null where no area has a file behind it
     * @return the physical address, or one of the faults
     */
    public long fault(ProcessContext context, long address, boolean write) {
        Area area = areas.at(address);
        if (area == null) {
            return FAULT_NO_AREA;
        }
        if ((area.permissions() & (write ? PageTable.WRITE : PageTable.READ)) == 0) {
            return FAULT_ACCESS;
        }
        if (mayLosePages) {
            pages.forgetRetired();
        }
        long page = address & ~OFFSET;
        long frame = area.backing() == null
                ? faults.anonymous(area, page, write)
                : faults.ofFile(context, area, page, write);
        return frame < 0 ? frame : (frame << PhysicalMemory.FRAME_SHIFT) + (address & OFFSET);
    }

    /**
     * Asked after each store: whether the page was taken away or write-protected by somebody else since it was translated, so that the store may have
     * come too late and is to be done again.
     *
     * @param physical where it was translated to
     */
    public boolean hasMoved(long address, long physical) {
        if (!mayLosePages) {
            return false;
        }
        VarHandle.fullFence();
        return pages.table().translate(address, USER_WRITE) != physical;
    }

    /** Somebody takes pages of a file away. Called with the file's lock held. */
    void takeAway(ReverseMap file, long from, long to, boolean evenCopies) {
        for (Area area : areas.list()) {
            if (isOf(area, file, from, to)) {
                pages.takeAway(firstPage(area, from), endOf(area, to), evenCopies);
            }
        }
    }

    /** Somebody wants to know of the next write to pages of a file. Called with the file's lock held. */
    boolean writeProtect(ReverseMap file, long from, long to) {
        boolean any = false;
        for (Area area : areas.list()) {
            if (area.shared() && isOf(area, file, from, to)) {
                any |= pages.writeProtect(firstPage(area, from), endOf(area, to));
            }
        }
        return any;
    }

    private static boolean isOf(Area area, ReverseMap file, long from, long to) {
        return area.backing() != null
                && area.backing().mappings() == file
                && area.offset() < to
                && from < area.offsetOf(area.end());
    }

    private static long firstPage(Area area, long from) {
        return area.start() + Math.max(0, (from & ~OFFSET) - area.offset());
    }

    private static long endOf(Area area, long to) {
        return to - area.offset() >= area.end() - area.start() ? area.end() : area.start() + (to - area.offset());
    }

    // ---- copies on behalf of the kernel

    private long physical(ProcessContext context, long address, boolean write) {
        long physical = pages.table().translate(address, write ? USER_WRITE : USER_READ);
        return physical >= 0 ? physical : fault(context, address, write);
    }

    private static long reachable(long address, long room, long length) {
        long wanted = Math.min(length, Math.max(0, room));
        return isUserRange(address, wanted) ? wanted : 0;
    }

    private static int pieceAt(long address, long rest) {
        return (int) Math.min(rest, PAGE - (address & OFFSET));
    }

    @Override
    public long copyToUser(Task task, long address, long room, byte[] from, int offset, int length) {
        long wanted = reachable(address, room, length);
        long done = 0;
        while (done < wanted) {
            int piece = pieceAt(address + done, wanted - done);
            long physical = physical(task, address + done, true);
            if (physical < 0) {
                break;
            }
            memory.write(physical, from, offset + (int) done, piece);
            if (!hasMoved(address + done, physical)) {
                done += piece;
            }
        }
        return length - done;
    }

    @Override
    public long copyFromUser(Task task, byte[] to, int offset, long address, long room, int length) {
        long wanted = reachable(address, room, length);
        long done = 0;
        while (done < wanted) {
            int piece = pieceAt(address + done, wanted - done);
            long physical = physical(task, address + done, false);
            if (physical < 0) {
                break;
            }
            memory.read(physical, to, offset + (int) done, piece);
            done += piece;
        }
        return length - done;
    }

    @Override
    public long copyFrameToUser(Task task, long address, long room, long from, int length) {
        long wanted = reachable(address, room, length);
        MemorySegment frame = memory.frame(from >>> PhysicalMemory.FRAME_SHIFT);
        long done = 0;
        while (done < wanted) {
            int piece = pieceAt(address + done, wanted - done);
            long physical = physical(task, address + done, true);
            if (physical < 0) {
                break;
            }
            MemorySegment.copy(
                    frame,
                    (from & OFFSET) + done,
                    memory.frame(physical >>> PhysicalMemory.FRAME_SHIFT),
                    physical & OFFSET,
                    piece);
            if (!hasMoved(address + done, physical)) {
                done += piece;
            }
        }
        return length - done;
    }

    @Override
    public long copyFrameFromUser(Task task, long to, long address, long room, int length) {
        long wanted = reachable(address, room, length);
        MemorySegment frame = memory.frame(to >>> PhysicalMemory.FRAME_SHIFT);
        long done = 0;
        while (done < wanted) {
            int piece = pieceAt(address + done, wanted - done);
            long physical = pages.table().translate(address + done, USER_READ);
            if (physical < 0) {
                break;
            }
            MemorySegment.copy(
                    memory.frame(physical >>> PhysicalMemory.FRAME_SHIFT),
                    physical & OFFSET,
                    frame,
                    (to & OFFSET) + done,
                    piece);
            done += piece;
        }
        return length - done;
    }

    @Override
    public long faultIn(Task task, long address, long room, long length) {
        long wanted = reachable(address, room, length);
        long done = 0;
        while (done < wanted && physical(task, address + done, false) >= 0) {
            done += pieceAt(address + done, wanted - done);
        }
        return done;
    }

    @Override
    public long clearUser(Task task, long address, long room, long length) {
        long wanted = reachable(address, room, length);
        long done = 0;
        while (done < wanted) {
            int piece = pieceAt(address + done, wanted - done);
            long physical = physical(task, address + done, true);
            if (physical < 0) {
                break;
            }
            memory.fill(physical, piece, (byte) 0);
            if (!hasMoved(address + done, physical)) {
                done += piece;
            }
        }
        return length - done;
    }

    /** Reads what is there without touching anything in, for traces; answers how many bytes from the start were. */
    public int peek(long address, byte[] to, int length) {
        int done = 0;
        while (done < length && isUserRange(address + done, 1)) {
            long physical = pages.table().translate(address + done, USER_READ);
            if (physical < 0) {
                break;
            }
            int piece = pieceAt(address + done, length - done);
            memory.read(physical, to, done, piece);
            done += piece;
        }
        return done;
    }

    // ---- pins

    /**
     * Pins the page of an address, which is made accessible first. May sleep.
     *
     * @return its entry in the page table, or one of the faults
     */
    long pin(ProcessContext context, long address, boolean write) {
        for (; ; ) {
            pages.lock();
            long entry = pages.table().translate(address, write ? USER_WRITE : USER_READ) < 0
                    ? 0
                    : pages.table().entry(address);
            boolean mine = (entry & UserPages.UNCOUNTED) == 0;
            boolean pinned = entry != 0 && mine && allocator.pin(PageTable.frameOf(entry));
            pages.unlock();
            if (pinned) {
                return entry;
            }
            if (entry != 0) {
                return mine ? FAULT_NO_MEMORY : FAULT_ACCESS;
            }
            long fault = fault(context, address, write);
            if (fault < 0) {
                return fault;
            }
        }
    }

    /** The area of an address, or null. */
    Area areaAt(long address) {
        return areas.at(address);
    }

    // ---- areas

    /** The end of the heap (the program break). */
    public long heapEnd() {
        return heapEnd;
    }

    /** Moves the end of the heap if that is possible; answers where it is then (Linux: brk). */
    public long moveHeapEnd(ProcessContext context, long wanted) {
        if (wanted < HEAP_START || wanted > END || wanted == heapEnd) {
            return heapEnd;
        }
        long oldTop = pageUp(heapEnd);
        long newTop = pageUp(wanted);
        if (newTop < oldTop) {
            pages.drop(newTop, oldTop);
            areas.replace(context, newTop, oldTop, null);
        } else if (newTop > oldTop) {
            boolean free = newTop <= END
                    && areas.isFree(oldTop, newTop)
                    && newTop - HEAP_START <= allocator.totalPages() * PAGE;
            if (!free) {
                return heapEnd;
            }
            int permissions = PageTable.READ | PageTable.WRITE;
            areas.replace(context, HEAP_START, oldTop, Area.anonymous(HEAP_START, newTop, permissions, false, HEAP));
        }
        heapEnd = wanted;
        return wanted;
    }

    /** Where a new mapping is to be, and what of its neighbourhood may be in the way. */
    public enum Place {
        /** Anywhere; the address is a hint. */
        ANYWHERE,
        /** Exactly there, in place of what is there (MAP_FIXED). */
        FIXED,
        /** Exactly there, if nothing is there (MAP_FIXED_NOREPLACE). */
        FREE
    }

    /**
     * Makes an anonymous mapping.
     *
     * @param permissions of {@link PageTable}
     * @return its address, or -ENOMEM, -EINVAL, -EEXIST
     */
    public long mapAnonymous(
            ProcessContext context, long hint, long bytes, int permissions, boolean shared, Place place) {
        long length = pageUp(bytes);
        if (length > allocator.totalPages() * PAGE) {
            return -ENOMEM;
        }
        long address = makeRoom(context, hint, length, place);
        if (address < 0) {
            return address;
        }
        areas.replace(
                context, address, address + length, Area.anonymous(address, address + length, permissions, shared, ""));
        if (shared && !populate(address, length, permissions)) {
            unmap(context, address, length);
            return -ENOMEM;
        }
        return address;
    }

    /**
     * Maps a file.
     *
     * @param mayWrite whether the mapping may be made writable later
     * @param backing gets a reference for each area
     * @param offset where in the file it begins
     * @return its address, or -ENOMEM, -EINVAL, -EEXIST
     */
    public long mapFile(
            ProcessContext context,
            long hint,
            long bytes,
            int permissions,
            boolean shared,
            boolean mayWrite,
            Place place,
            Backing backing,
            long offset) {
        long length = pageUp(bytes);
        long address = makeRoom(context, hint, length, place);
        if (address < 0) {
            return address;
        }
        mayLosePages = true;
        areas.replace(
                context,
                address,
                address + length,
                new Area(address, address + length, permissions, shared, mayWrite, "", backing, offset));
        return address;
    }

    /** Finds where a mapping can be, and takes away what is in its place if it may. */
    private long makeRoom(ProcessContext context, long hint, long length, Place place) {
        if (length <= 0) {
            return -ENOMEM;
        }
        if (place != Place.ANYWHERE) {
            if ((hint & OFFSET) != 0) {
                return -EINVAL;
            }
            if (!isUserRange(hint, length) || hint == 0) {
                return -ENOMEM;
            }
            if (place == Place.FREE && !isFree(hint, hint + length)) {
                return -EEXIST;
            }
            unmap(context, hint, length);
            return hint;
        }
        long address = hint & ~OFFSET;
        if (address == 0 || !isUserRange(address, length) || !isFree(address, address + length)) {
            address = areas.findFree(length, MMAP_TOP, pageUp(heapEnd));
        }
        return address < 0 ? -ENOMEM : address;
    }

    private boolean isFree(long from, long to) {
        return from >= TEXT_START && to <= END && areas.isFree(from, to);
    }

    /** A child must find the very pages, so they are there from the start. */
    private boolean populate(long address, long length, int permissions) {
        for (long page = address; page < address + length; page += PAGE) {
            long frame = allocator.allocateZeroed();
            if (frame < 0) {
                return false;
            }
            pages.lock();
            pages.table().map(page, frame, permissions | PageTable.USER);
            pages.unlock();
        }
        return true;
    }

    /** Takes away what is mapped in the range; a file may be closed by it. May sleep. Returns 0 or -EINVAL. */
    public long unmap(ProcessContext context, long address, long bytes) {
        long length = pageUp(bytes);
        if ((address & OFFSET) != 0 || length <= 0 || !isUserRange(address, length)) {
            return -EINVAL;
        }
        pages.drop(address, address + length);
        areas.replace(context, address, address + length, null);
        return 0;
    }

    /** Gives a mapped range other permissions. Returns 0, -EINVAL, -EACCES, or -ENOMEM when part of it is not mapped. */
    public long protect(ProcessContext context, long address, long bytes, int permissions) {
        long length = pageUp(bytes);
        if ((address & OFFSET) != 0 || length < 0 || !isUserRange(address, length)) {
            return (address & OFFSET) != 0 || length < 0 ? -EINVAL : -ENOMEM;
        }
        long end = address + length;
        List<Area> parts = areas.parts(address, end);
        if (!AreaMap.covers(parts, address, end)) {
            return -ENOMEM;
        }
        for (Area part : parts) {
            if ((permissions & PageTable.WRITE) != 0 && !part.mayWrite()) {
                return -EACCES;
            }
            Area changed = part.withPermissions(permissions);
            areas.replace(context, part.start(), part.end(), changed);
            faults.protect(changed);
        }
        return 0;
    }

    /**
     * Forgets the contents of a range: anonymous pages are zero again, those of a file as the file has them (MADV_DONTNEED).
     *
     * @return 0, -EINVAL, or -ENOMEM when part of it is not mapped
     */
    public long discard(long address, long bytes) {
        long length = pageUp(bytes);
        if ((address & OFFSET) != 0 || length < 0) {
            return -EINVAL;
        }
        if (!isUserRange(address, length)) {
            return -ENOMEM;
        }
        List<Area> parts = areas.parts(address, address + length);
        for (Area part : parts) {
            // What is shared without a file has its contents nowhere else.
            if (part.backing() != null || !part.shared()) {
                pages.drop(part.start(), part.end());
            }
        }
        return AreaMap.covers(parts, address, address + length) ? 0 : -ENOMEM;
    }

    /**
     * Writes what was changed in shared mappings of files to where it is stored (Linux: msync with MS_SYNC). May sleep.
     *
     * @return 0, -EINVAL, -ENOMEM when part of the range is not mapped, or what the file says
     */
    public long sync(ProcessContext context, long address, long bytes) {
        long length = pageUp(bytes);
        if ((address & OFFSET) != 0 || length < 0) {
            return -EINVAL;
        }
        if (!isUserRange(address, length)) {
            return -ENOMEM;
        }
        List<Area> parts = areas.parts(address, address + length);
        for (Area part : parts) {
            if (part.backing() != null && part.shared()) {
                int error = part.backing().sync(context, part.offset(), part.end() - part.start());
                if (error != 0) {
                    return error;
                }
            }
        }
        return AreaMap.covers(parts, address, address + length) ? 0 : -ENOMEM;
    }

    /** Whether all of a range is mapped. */
    public boolean isMapped(long address, long bytes) {
        long end = address + pageUp(bytes);
        return AreaMap.covers(areas.parts(address, end), address, end);
    }

    // ---- fork and exit

    /** The same memory for a child: anonymous pages are shared until one of the two writes. Null when there is no memory for that. May sleep. */
    public AddressSpace fork(ProcessContext context) {
        AddressSpace child = new AddressSpace(allocator, areas.list());
        child.heapEnd = heapEnd;
        if (faults.copyTo(areas, child.pages)) {
            return child;
        }
        child.release(context);
        return null;
    }

    /** Gives all pages back and closes what is mapped; nothing can be reached any more. May sleep. */
    public void release(ProcessContext context) {
        pages.dropAll();
        areas.clear(context);
    }

    /** Pages in memory. */
    public long residentPages() {
        return pages.table().pageCount();
    }

    /** Bytes of all areas. */
    public long virtualBytes() {
        return areas.bytes(null);
    }

    /** Bytes of heap or stack, by the name of the area. */
    public long virtualBytes(String name) {
        return areas.bytes(name);
    }

    /** The text of /proc/PID/maps. */
    public String mapsText() {
        return areas.mapsText();
    }

    private static long pageUp(long address) {
        return address + OFFSET & ~OFFSET;
    }
}
