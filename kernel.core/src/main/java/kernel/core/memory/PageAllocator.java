// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PhysicalMemory;
import java.util.Arrays;
import kernel.core.execution.KernelBug;
import kernel.core.execution.RawLock;

/**
 * Who has which frame of physical memory: a buddy allocator over frames that nothing has touched yet until they are wanted, with a count of users on
 * each page for copy-on-write (Linux: mm/page_alloc.c). Never sleeps; callable in every context.
 *
 * <p>Freed pages lose their backing in the host, but for a few kept for the next one who asks.
 */
public final class PageAllocator {
    /** A block of the highest order has 2 to the power of this many pages: 4 MiB. */
    public static final int MAX_ORDER = 10;

    /** What no address of kernel or device memory is below: the first MiB is firmware's. */
    private static final long FIRST_FRAME = 256;

    private static final int CHUNK_SHIFT = 9;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
    private static final int HOT_PAGES = 64;
    private static final int SHRINK_PAGES = 32;

    /** What a pin adds to the count of a page's users: more than a page ever has. */
    private static final int PIN = 1 << 20;

    /** A frame that is free and kept warm. */
    private static final int HOT = -100;

    private final RawLock lock = new RawLock();
    private final PhysicalMemory memory;
    private final long frames;
    /** For each frame: 0 unknown or inside of a block, n &gt; 0 allocated with n users, -1 - order first of a free block, or HOT. */
    private final int[][] states;

    private final int[][] freeBlocks = new int[MAX_ORDER + 1][];
    private final int[] freeCounts = new int[MAX_ORDER + 1];
    private final int[] hot = new int[HOT_PAGES];
    private int hotCount;
    private volatile Shrinker shrinker;
    private long nextFresh = FIRST_FRAME;
    private long allocated;

    /** Who has pages that can be had again, such as the page cache (Linux: struct shrinker). */
    @FunctionalInterface
    public interface Shrinker {
        /** Gives pages back, that many if it can. Must not sleep; callable in every context. Answers how many. */
        int shrink(int pages);
    }

    public PageAllocator(PhysicalMemory memory) {
        this.memory = memory;
        frames = memory.frameCount();
        states = new int[(int) ((frames + CHUNK_MASK) >>> CHUNK_SHIFT)][];
    }

    /** The memory that the frames are of. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Says who is asked for pages when there are none left. */
    public void setShrinker(Shrinker newShrinker) {
        shrinker = newShrinker;
    }

    /** Pages that can be allocated altogether. */
    public long totalPages() {
        return frames - FIRST_FRAME;
    }

    public long freePages() {
        return totalPages() - allocated;
    }

    /**
     * Takes a block of {@code 1 << order} pages, with one user; its contents are anything.
     *
     * @return the first frame, or -1 when there is no such block
     */
    public long allocate(int order) {
        long frame = take(order);
        Shrinker gives = shrinker;
        if (frame < 0 && gives != null) {
            gives.shrink(Math.max(SHRINK_PAGES, 2 << order));
            frame = take(order);
        }
        return frame;
    }

    private long take(int order) {
        lock.acquire();
        long frame = order == 0 && hotCount > 0 ? hot[--hotCount] : takeBlock(order);
        if (frame >= 0) {
            setState(frame, 1);
            allocated += 1L << order;
        }
        lock.release();
        return frame;
    }

    /** Takes one page full of zeroes, or -1. */
    public long allocateZeroed() {
        long frame = takeZeroed();
        Shrinker gives = shrinker;
        if (frame < 0 && gives != null) {
            gives.shrink(SHRINK_PAGES);
            frame = takeZeroed();
        }
        return frame;
    }

    private long takeZeroed() {
        lock.acquire();
        boolean dirty = hotCount > 0;
        long frame = dirty ? hot[--hotCount] : takeBlock(0);
        if (frame >= 0) {
            setState(frame, 1);
            allocated++;
        }
        lock.release();
        if (dirty) {
            memory.frame(frame).fill((byte) 0);
        }
        return frame;
    }

    /** One more user of a page. */
    public void get(long frame) {
        lock.acquire();
        setState(frame, checkAllocated(frame) + 1);
        lock.release();
    }

    /** One user less of a page; the last one frees it. */
    public void put(long frame) {
        lock.acquire();
        int users = checkAllocated(frame) - 1;
        if (users > 0) {
            setState(frame, users);
        } else {
            freePage(frame);
        }
        lock.release();
    }

    /** Whether a page has just one user, however often it is pinned. */
    public boolean isSole(long frame) {
        lock.acquire();
        boolean sole = (checkAllocated(frame) & PIN - 1) == 1;
        lock.release();
        return sole;
    }

    /**
     * Keeps a page in its place although its users may let go of it: a device is at work on it (Linux: pin_user_pages).
     *
     * @return false when it is pinned as often as can be counted
     */
    public boolean pin(long frame) {
        lock.acquire();
        int users = checkAllocated(frame);
        boolean pinned = users < Integer.MAX_VALUE - PIN;
        if (pinned) {
            setState(frame, users + PIN);
        }
        lock.release();
        return pinned;
    }

    /** Takes one pin away; without users and pins a page is free. */
    public void unpin(long frame) {
        lock.acquire();
        int users = checkAllocated(frame) - PIN;
        if (users < 0) {
            lock.release();
            throw new KernelBug("BUG: Bad page state: page " + frame + " is not pinned");
        }
        if (users > 0) {
            setState(frame, users);
        } else {
            freePage(frame);
        }
        lock.release();
    }

    /** Whether a page is pinned (Linux: page_maybe_dma_pinned). */
    public boolean isPinned(long frame) {
        lock.acquire();
        boolean pinned = checkAllocated(frame) >= PIN;
        lock.release();
        return pinned;
    }

    /** Frees a block as it was allocated. */
    public void free(long frame, int order) {
        lock.acquire();
        checkAllocated(frame);
        if (order == 0) {
            freePage(frame);
        } else {
            allocated -= 1L << order;
            for (long page = frame; page < frame + (1L << order); page++) {
                memory.discard(page);
            }
            release(frame, order);
        }
        lock.release();
    }

    private void freePage(long frame) {
        allocated--;
        if (hotCount < HOT_PAGES) {
            setState(frame, HOT);
            hot[hotCount++] = (int) frame;
        } else {
            memory.discard(frame);
            release(frame, 0);
        }
    }

    // ---- blocks, under the lock

    private long takeBlock(int order) {
        for (int found = order; found <= MAX_ORDER; found++) {
            long frame = pop(found);
            if (frame >= 0) {
                split(frame, found, order);
                return frame;
            }
        }
        long frame = takeFresh(order);
        if (frame < 0 && hotCount > 0) {
            giveUpHotPages();
            return takeBlock(order);
        }
        return frame;
    }

    /** The first block of that order that is still one; what was merged since it was pushed is dropped. */
    private long pop(int order) {
        while (freeCounts[order] > 0) {
            long frame = freeBlocks[order][--freeCounts[order]];
            if (state(frame) == -1 - order) {
                return frame;
            }
        }
        return -1;
    }

    private void split(long frame, int from, int to) {
        for (int order = from - 1; order >= to; order--) {
            push(frame + (1L << order), order);
        }
    }

    /** From where nothing has been touched yet; what alignment leaves out becomes free blocks. */
    private long takeFresh(int order) {
        long size = 1L << order;
        long frame = nextFresh + size - 1 & -size;
        if (frame + size > frames) {
            return -1;
        }
        while (nextFresh < frame) {
            int gap = Math.min(MAX_ORDER, Long.numberOfTrailingZeros(nextFresh));
            while (nextFresh + (1L << gap) > frame) {
                gap--;
            }
            push(nextFresh, gap);
            nextFresh += 1L << gap;
        }
        nextFresh = frame + size;
        return frame;
    }

    private void giveUpHotPages() {
        while (hotCount > 0) {
            int frame = hot[--hotCount];
            memory.discard(frame);
            release(frame, 0);
        }
    }

    /** Makes a block free, joined with its buddies. */
    private void release(long first, int firstOrder) {
        long frame = first;
        int order = firstOrder;
        while (order < MAX_ORDER) {
            long buddy = frame ^ 1L << order;
            if (buddy >= frames || state(buddy) != -1 - order) {
                break;
            }
            setState(buddy, 0);
            setState(frame, 0);
            frame = Math.min(frame, buddy);
            order++;
        }
        push(frame, order);
    }

    private void push(long frame, int order) {
        setState(frame, -1 - order);
        int[] stack = freeBlocks[order];
        int count = freeCounts[order];
        if (stack == null) {
            stack = new int[8];
            freeBlocks[order] = stack;
        } else if (count == stack.length) {
            stack = Arrays.copyOf(stack, count * 2);
            freeBlocks[order] = stack;
        }
        stack[count] = (int) frame;
        freeCounts[order] = count + 1;
    }

    private int checkAllocated(long frame) {
        int users = frame >= 0 && frame < frames ? state(frame) : 0;
        if (users <= 0) {
            lock.release();
            throw new KernelBug("BUG: Bad page state: page " + frame + " is not allocated");
        }
        return users;
    }

    private int state(long frame) {
        int[] chunk = states[(int) (frame >>> CHUNK_SHIFT)];
        return chunk == null ? 0 : chunk[(int) frame & CHUNK_MASK];
    }

    private void setState(long frame, int state) {
        int index = (int) (frame >>> CHUNK_SHIFT);
        int[] chunk = states[index];
        if (chunk == null) {
            chunk = new int[1 << CHUNK_SHIFT];
            states[index] = chunk;
        }
        chunk[(int) frame & CHUNK_MASK] = state;
    }
}
