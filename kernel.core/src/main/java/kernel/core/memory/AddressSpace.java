// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOMEM;

import hardware.machine.memory.PageTable;
import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import kernel.core.execution.Task;
import kernel.core.execution.UserSpace;

/**
 * The memory of a process: areas of addresses, and pages that come when they are first touched (Linux: mm_struct). Pages are shared with a forked child
 * until one of the two writes. Changed by its own process only, in kernel mode; the areas may be read by anybody.
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

    private static final int PAGE = PhysicalMemory.FRAME_BYTES;
    private static final int OFFSET = PAGE - 1;
    /** Mappings are put below this, downwards. */
    private static final long MMAP_TOP = STACK_TOP - STACK_BYTES - (128L << 20);

    private static final int USER_READ = PageTable.READ | PageTable.USER;
    private static final int USER_WRITE = PageTable.WRITE | PageTable.USER;
    private static final String HEAP = "[heap]";
    private static final String STACK = "[stack]";

    private final PageAllocator allocator;
    private final PhysicalMemory memory;
    private final PageTable pages = new PageTable();
    /** In ascending order, not overlapping; replaced, never changed. */
    private volatile Area[] areas;

    private long heapEnd = HEAP_START;

    /** An empty one with a stack. */
    public AddressSpace(PageAllocator allocator) {
        this(allocator, new Area[] {
            new Area(STACK_TOP - STACK_BYTES, STACK_TOP, PageTable.READ | PageTable.WRITE, false, STACK)
        });
    }

    private AddressSpace(PageAllocator allocator, Area[] areas) {
        this.allocator = allocator;
        memory = allocator.memory();
        this.areas = areas;
    }

    /** What a program's loads and stores go through; a fault there is for {@link #fault}. */
    public PageTable pages() {
        return pages;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    /** Whether all of a range lies below the kernel's addresses (Linux: access_ok). */
    public static boolean isUserRange(long address, long length) {
        return length >= 0 && address >= 0 && length <= END && address <= END - length;
    }

    // ---- faults

    /**
     * Makes a page accessible that was not: fills it with zeroes, or copies it.
     *
     * @return the physical address, or one of the faults
     */
    public long fault(long address, boolean write) {
        Area area = areaAt(address);
        if (area == null) {
            return FAULT_NO_AREA;
        }
        if ((area.permissions() & (write ? PageTable.WRITE : PageTable.READ)) == 0) {
            return FAULT_ACCESS;
        }
        long entry = pages.entry(address);
        long frame;
        if (entry == 0) {
            frame = allocator.allocateZeroed();
            if (frame >= 0) {
                pages.map(address, frame, area.permissions() | PageTable.USER);
            }
        } else {
            frame = write ? breakSharing(address, entry, area) : PageTable.frameOf(entry);
        }
        return frame < 0 ? FAULT_NO_MEMORY : (frame << PhysicalMemory.FRAME_SHIFT) + (address & OFFSET);
    }

    private long breakSharing(long address, long entry, Area area) {
        long frame = PageTable.frameOf(entry);
        int flags = area.permissions() | PageTable.USER;
        if (allocator.isSole(frame)) {
            pages.protect(address, flags);
            return frame;
        }
        long copy = allocator.allocate(0);
        if (copy >= 0) {
            memory.frame(copy).copyFrom(memory.frame(frame));
            pages.map(address, copy, flags);
            allocator.put(frame);
        }
        return copy;
    }

    private Area areaAt(long address) {
        for (Area area : areas) {
            if (area.contains(address)) {
                return area;
            }
        }
        return null;
    }

    // ---- copies on behalf of the kernel

    private long physical(long address, boolean write) {
        long physical = pages.translate(address, write ? USER_WRITE : USER_READ);
        return physical >= 0 ? physical : fault(address, write);
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
            long physical = physical(address + done, true);
            if (physical < 0) {
                break;
            }
            memory.write(physical, from, offset + (int) done, piece);
            done += piece;
        }
        return length - done;
    }

    @Override
    public long copyFromUser(Task task, byte[] to, int offset, long address, long room, int length) {
        long wanted = reachable(address, room, length);
        long done = 0;
        while (done < wanted) {
            int piece = pieceAt(address + done, wanted - done);
            long physical = physical(address + done, false);
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
            long physical = physical(address + done, true);
            if (physical < 0) {
                break;
            }
            MemorySegment.copy(
                    frame,
                    (from & OFFSET) + done,
                    memory.frame(physical >>> PhysicalMemory.FRAME_SHIFT),
                    physical & OFFSET,
                    piece);
            done += piece;
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
            long physical = pages.translate(address + done, USER_READ);
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
        while (done < wanted && physical(address + done, false) >= 0) {
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
            long physical = physical(address + done, true);
            if (physical < 0) {
                break;
            }
            memory.fill(physical, piece, (byte) 0);
            done += piece;
        }
        return length - done;
    }

    /** Reads what is there without touching anything in, for traces; answers how many bytes from the start were. */
    public int peek(long address, byte[] to, int length) {
        int done = 0;
        while (done < length && isUserRange(address + done, 1)) {
            long physical = pages.translate(address + done, USER_READ);
            if (physical < 0) {
                break;
            }
            int piece = pieceAt(address + done, length - done);
            memory.read(physical, to, done, piece);
            done += piece;
        }
        return done;
    }

    // ---- areas

    /** The end of the heap (the program break). */
    public long heapEnd() {
        return heapEnd;
    }

    /** Moves the end of the heap if that is possible; answers where it is then (Linux: brk). */
    public long moveHeapEnd(long wanted) {
        if (wanted < HEAP_START || wanted == heapEnd) {
            return heapEnd;
        }
        long oldTop = pageUp(heapEnd);
        long newTop = pageUp(wanted);
        if (newTop < oldTop) {
            drop(newTop, oldTop);
            replaceAreas(newTop, oldTop, null);
        } else if (newTop > oldTop) {
            boolean free = isFree(oldTop, newTop) && newTop - HEAP_START <= allocator.totalPages() * PAGE;
            if (!free) {
                return heapEnd;
            }
            replaceAreas(
                    HEAP_START, oldTop, new Area(HEAP_START, newTop, PageTable.READ | PageTable.WRITE, false, HEAP));
        }
        heapEnd = wanted;
        return wanted;
    }

    /**
     * Makes an anonymous mapping.
     *
     * @param hint where the caller would like it; must be free or {@code fixed} be set, which drops what was there
     * @param permissions of {@link PageTable}
     * @return its address, or -ENOMEM, -EINVAL
     */
    public long mapAnonymous(long hint, long bytes, int permissions, boolean shared, boolean fixed) {
        long length = pageUp(bytes);
        if (length <= 0 || length > allocator.totalPages() * PAGE) {
            return -ENOMEM;
        }
        long address = hint;
        if (fixed) {
            if ((hint & OFFSET) != 0) {
                return -EINVAL;
            }
            if (!isUserRange(hint, length) || hint == 0) {
                return -ENOMEM;
            }
            unmap(hint, length);
        } else {
            address = hint & ~OFFSET;
            if (address == 0 || !isUserRange(address, length) || !isFree(address, address + length)) {
                address = findFree(length);
            }
            if (address < 0) {
                return -ENOMEM;
            }
        }
        replaceAreas(address, address + length, new Area(address, address + length, permissions, shared, ""));
        if (shared && !populate(address, length, permissions)) {
            unmap(address, length);
            return -ENOMEM;
        }
        return address;
    }

    /** A child must find the very pages, so they are there from the start. */
    private boolean populate(long address, long length, int permissions) {
        for (long page = address; page < address + length; page += PAGE) {
            long frame = allocator.allocateZeroed();
            if (frame < 0) {
                return false;
            }
            pages.map(page, frame, permissions | PageTable.USER);
        }
        return true;
    }

    /** Takes away what is mapped in the range. Returns 0 or -EINVAL. */
    public long unmap(long address, long bytes) {
        long length = pageUp(bytes);
        if ((address & OFFSET) != 0 || length <= 0 || !isUserRange(address, length)) {
            return -EINVAL;
        }
        drop(address, address + length);
        replaceAreas(address, address + length, null);
        return 0;
    }

    /** Gives a mapped range other permissions. Returns 0, -EINVAL, or -ENOMEM when part of it is not mapped. */
    public long protect(long address, long bytes, int permissions) {
        long length = pageUp(bytes);
        if ((address & OFFSET) != 0 || length < 0) {
            return -EINVAL;
        }
        long end = address + length;
        List<Area> inside = new ArrayList<>();
        long covered = address;
        for (Area area : areas) {
            if (area.overlaps(address, end) && area.start() <= covered) {
                Area part = area.between(Math.max(area.start(), address), Math.min(area.end(), end));
                inside.add(part.withPermissions(permissions));
                covered = part.end();
            }
        }
        if (covered < end) {
            return -ENOMEM;
        }
        for (Area area : inside) {
            replaceAreas(area.start(), area.end(), area);
            pages.forEach(area.start(), area.end() - area.start(), (page, entry) -> {
                boolean copyFirst = !area.shared() && !allocator.isSole(PageTable.frameOf(entry));
                pages.protect(page, (copyFirst ? permissions & ~PageTable.WRITE : permissions) | PageTable.USER);
            });
        }
        return 0;
    }

    private boolean isFree(long from, long to) {
        if (from < TEXT_START || to > END) {
            return false;
        }
        for (Area area : areas) {
            if (area.overlaps(from, to)) {
                return false;
            }
        }
        return true;
    }

    /** The highest free range below the stack, or -1. */
    private long findFree(long length) {
        long candidate = MMAP_TOP - length;
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Area area : areas) {
                if (area.overlaps(candidate, candidate + length)) {
                    candidate = area.start() - length;
                    moved = true;
                }
            }
        }
        return candidate < pageUp(heapEnd) ? -1 : candidate;
    }

    /** Cuts the range out of the areas and puts one in, or none. */
    private void replaceAreas(long from, long to, Area fresh) {
        List<Area> next = new ArrayList<>();
        for (Area area : areas) {
            if (!area.overlaps(from, to)) {
                next.add(area);
                continue;
            }
            if (area.start() < from) {
                next.add(area.between(area.start(), from));
            }
            if (area.end() > to) {
                next.add(area.between(to, area.end()));
            }
        }
        if (fresh != null) {
            next.add(fresh);
        }
        next.sort(Comparator.comparingLong(Area::start));
        areas = next.toArray(Area[]::new);
    }

    private void drop(long from, long to) {
        pages.forEach(from, to - from, (page, entry) -> {
            pages.unmap(page);
            allocator.put(PageTable.frameOf(entry));
        });
    }

    // ---- fork and exit

    /** The same memory for a child: pages are shared until one of the two writes. */
    public AddressSpace fork() {
        AddressSpace child = new AddressSpace(allocator, areas);
        child.heapEnd = heapEnd;
        pages.forEach((page, entry) -> {
            Area area = areaAt(page);
            int flags = area.permissions() | PageTable.USER;
            if (!area.shared() && area.isWritable()) {
                flags = (flags & ~PageTable.WRITE) | PageTable.COPY_ON_WRITE;
                pages.protect(page, flags);
            }
            allocator.get(PageTable.frameOf(entry));
            child.pages.map(page, PageTable.frameOf(entry), flags);
        });
        return child;
    }

    /** Gives all pages back; nothing can be reached any more. */
    public void release() {
        pages.forEach((page, entry) -> allocator.put(PageTable.frameOf(entry)));
        pages.clear();
        areas = new Area[0];
    }

    /** Pages in memory. */
    public long residentPages() {
        return pages.pageCount();
    }

    /** Bytes of all areas. */
    public long virtualBytes() {
        long bytes = 0;
        for (Area area : areas) {
            bytes += area.end() - area.start();
        }
        return bytes;
    }

    /** Bytes of heap or stack, by the name of the area. */
    public long virtualBytes(String name) {
        long bytes = 0;
        for (Area area : areas) {
            if (area.name().equals(name)) {
                bytes += area.end() - area.start();
            }
        }
        return bytes;
    }

    /** The text of /proc/PID/maps. */
    public String mapsText() {
        HexFormat hex = HexFormat.of();
        StringBuilder text = new StringBuilder();
        for (Area area : areas) {
            StringBuilder line = new StringBuilder()
                    .append(hex.toHexDigits(area.start(), 12))
                    .append('-')
                    .append(hex.toHexDigits(area.end(), 12))
                    .append(' ')
                    .append(area.modeText())
                    .append(" 00000000 00:00 0");
            if (!area.name().isEmpty()) {
                line.append(" ".repeat(Math.max(1, 73 - line.length()))).append(area.name());
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static long pageUp(long address) {
        return address + OFFSET & ~OFFSET;
    }
}
