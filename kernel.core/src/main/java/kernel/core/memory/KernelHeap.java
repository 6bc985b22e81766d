// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import hardware.machine.memory.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.core.device.DeviceMemory;
import kernel.core.execution.KernelBug;
import kernel.core.execution.RawLock;

/**
 * Kernel memory in pieces of any size, each with an owner (Linux: kmalloc, mm/slub.c): up to a page from caches of fixed sizes, above that whole pages
 * that lie side by side. Never sleeps; callable in every context.
 *
 * <p>With {@code slub_debug} there are red zones around each piece, freed memory is poisoned, and who allocated and who freed is remembered.
 */
public final class KernelHeap implements DeviceMemory {
    /** Where the kernel sees physical memory: its virtual address of physical 0. */
    public static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
    /** The most one allocation gives. */
    public static final long MAX_BYTES = (long) PhysicalMemory.FRAME_BYTES << PageAllocator.MAX_ORDER;

    private static final int[] SIZES = {8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096};

    private final RawLock lock = new RawLock();
    private final PageAllocator pages;
    private final Consumer<List<String>> reporter;
    private final boolean debug;
    private final SlabCache[] caches = new SlabCache[SIZES.length];
    private final Map<String, MemoryAccount> accounts = new TreeMap<>();

    /**
     * @param debug whether to guard and poison
     * @param reporter gets what there is to say about misuse, in Linux's words
     */
    public KernelHeap(PageAllocator pages, boolean debug, Consumer<List<String>> reporter) {
        this.pages = pages;
        this.debug = debug;
        this.reporter = reporter;
    }

    PhysicalMemory memory() {
        return pages.memory();
    }

    boolean isDebugging() {
        return debug;
    }

    @Override
    public KernelMemory allocate(String owner, long sizeBytes, Gfp flags) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("cannot allocate " + sizeBytes + " bytes");
        }
        long slotBytes = debug ? sizeBytes + 2L * RedZone.BYTES : sizeBytes;
        if (slotBytes > MAX_BYTES) {
            return null;
        }
        KernelBlock block = slotBytes <= PhysicalMemory.FRAME_BYTES
                ? allocateSmall(owner, sizeBytes, (int) slotBytes)
                : allocateLarge(owner, sizeBytes, slotBytes, debug);
        if (block != null && debug) {
            List<String> damage = block.prepare();
            if (!damage.isEmpty()) {
                reporter.accept(damage);
            }
        }
        return block;
    }

    @Override
    public KernelMemory allocatePages(String owner, long sizeBytes) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("cannot allocate " + sizeBytes + " bytes");
        }
        return sizeBytes > MAX_BYTES ? null : allocateLarge(owner, sizeBytes, sizeBytes, false);
    }

    private KernelBlock allocateSmall(String owner, long sizeBytes, int slotBytes) {
        int index = 0;
        while (SIZES[index] < slotBytes) {
            index++;
        }
        lock.acquire();
        SlabCache cache = caches[index];
        if (cache == null) {
            cache = new SlabCache(SIZES[index], pages);
            caches[index] = cache;
        }
        Slab slab = cache.slabWithRoom();
        KernelBlock block = null;
        if (slab != null) {
            int slot = cache.take(slab);
            long physical = slab.physicalAddress(slot);
            block = new KernelBlock(this, owner, physical, sizeBytes, cache.slotBytes(), slab, slot);
            account(owner).add(block);
        }
        lock.release();
        return block;
    }

    private KernelBlock allocateLarge(String owner, long sizeBytes, long slotBytes, boolean guarded) {
        int order = orderOf(slotBytes);
        long frame = pages.allocate(order);
        if (frame < 0) {
            return null;
        }
        MemorySegment whole = memory().contiguous(frame, 1 << order);
        KernelBlock block =
                new KernelBlock(this, owner, frame << PhysicalMemory.FRAME_SHIFT, sizeBytes, whole, guarded);
        lock.acquire();
        account(owner).add(block);
        lock.release();
        return block;
    }

    private static int orderOf(long bytes) {
        long frames = (bytes + PhysicalMemory.FRAME_BYTES - 1) >>> PhysicalMemory.FRAME_SHIFT;
        return frames <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(frames - 1);
    }

    @Override
    public void free(String owner, KernelMemory memory) {
        KernelBlock block = (KernelBlock) memory;
        if (!block.owner().equals(owner)) {
            reporter.accept(List.of("BUG: " + owner + " frees memory of " + block.owner() + ", " + block));
            return;
        }
        if (!release(block)) {
            reporter.accept(block.doubleFree());
        }
    }

    @Override
    public void freeIfOwned(String owner, KernelMemory memory) {
        KernelBlock block = (KernelBlock) memory;
        if (block.owner().equals(owner)) {
            release(block);
        }
    }

    /** False when it was free already. */
    private boolean release(KernelBlock block) {
        lock.acquire();
        boolean allocated = block.beginFree();
        if (allocated) {
            account(block.owner()).remove(block);
        }
        lock.release();
        if (!allocated) {
            return false;
        }
        if (block.isGuarded()) {
            List<String> damage = block.retire();
            if (!damage.isEmpty()) {
                reporter.accept(damage);
            }
        }
        if (block.slab() == null) {
            pages.free(block.physicalAddressOfSlot() >>> PhysicalMemory.FRAME_SHIFT, orderOf(block.slotBytes()));
        } else {
            lock.acquire();
            block.slab().cache().give(block.slab(), block.slot());
            lock.release();
        }
        return true;
    }

    /** Somebody touches a piece that has been freed: an oops. */
    KernelBug useAfterFree(KernelBlock block) {
        reporter.accept(block.useAfterFree());
        return new KernelBug("slab-use-after-free of " + block);
    }

    private MemoryAccount account(String owner) {
        return accounts.computeIfAbsent(owner, MemoryAccount::new);
    }

    // ---- accounts

    /** Bytes that an owner has allocated and not freed. */
    public long bytesOf(String owner) {
        lock.acquire();
        MemoryAccount account = accounts.get(owner);
        long bytes = account == null ? 0 : account.bytes();
        lock.release();
        return bytes;
    }

    /** The pieces that an owner has not freed, oldest first. */
    public List<KernelMemory> blocksOf(String owner) {
        lock.acquire();
        MemoryAccount account = accounts.get(owner);
        List<KernelMemory> blocks = account == null ? List.of() : account.blocks();
        lock.release();
        return blocks;
    }

    /** What kmemleak would say of an owner that has gone: a report for each piece not freed; empty when there is none. */
    public List<String> leaksOf(String owner) {
        return blocksOf(owner).stream()
                .map(block -> ((KernelBlock) block).leak())
                .flatMap(Collection::stream)
                .toList();
    }

    /** Bytes in the pages of caches. */
    public long slabBytes() {
        lock.acquire();
        long bytes = 0;
        for (SlabCache cache : caches) {
            bytes += cache == null ? 0 : cache.pageBytes();
        }
        lock.release();
        return bytes;
    }

    /** The text of /proc/slabinfo. */
    public String slabinfoText() {
        StringBuilder text = new StringBuilder("slabinfo - version: 2.1\n")
                .append("# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>")
                .append(" : tunables <limit> <batchcount> <sharedfactor>")
                .append(" : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
        lock.acquire();
        for (int i = SIZES.length - 1; i >= 0; i--) {
            if (caches[i] != null) {
                caches[i].describe(text);
            }
        }
        lock.release();
        return text.toString();
    }
}
