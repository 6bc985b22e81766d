// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import hardware.machine.memory.PhysicalMemory;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import kernel.api.block.BlockDevice;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.execution.WaitQueueHead;
import kernel.core.memory.PageAllocator;

/** The page cache of one kernel: who makes mappings, has pages for them, and counts. */
public final class PageCache {
    private static final int WAIT_QUEUES = 16;
    private static final int BATCH = 32;
    /** One page in this many is not given to the cache, so that others find one. */
    private static final int RESERVE_SHIFT = 6;

    private static final long PATIENCE_NANOS = 100_000_000L;
    private static final int ATTEMPTS_MAX = 100;

    private final Execution execution;
    private final PageAllocator allocator;
    private final PageList list;
    private final WaitQueueHead[] waitQueues = new WaitQueueHead[WAIT_QUEUES];
    private final WaitQueueHead progress;
    private final AtomicLong dirtyPages = new AtomicLong();
    private final AtomicLong writebackPages = new AtomicLong();
    private final AtomicLong devicePages = new AtomicLong();
    private final AtomicLong readPages = new AtomicLong();
    private final AtomicLong writtenPages = new AtomicLong();
    private final ConcurrentMap<Long, DevicePages> devices = new ConcurrentHashMap<>();
    private final VmSettings settings = new VmSettings();
    private final Writeback writeback;

    /** An empty one, which gives pages back when the allocator has none left. */
    public PageCache(Execution execution, PageAllocator allocator) {
        this.execution = execution;
        this.allocator = allocator;
        list = new PageList(allocator);
        for (int i = 0; i < WAIT_QUEUES; i++) {
            waitQueues[i] = execution.newWaitQueue("folio_wait_bit", Gone.NEVER);
        }
        progress = execution.newWaitQueue("balance_dirty_pages", Gone.NEVER);
        writeback = new Writeback(execution, this, settings);
        allocator.setShrinker(list::shrink);
    }

    /** The settings below /proc/sys/vm. */
    public VmSettings settings() {
        return settings;
    }

    /** What writes dirty files in the background. */
    public Writeback writeback() {
        return writeback;
    }

    PageList list() {
        return list;
    }

    PageAllocator allocator() {
        return allocator;
    }

    PhysicalMemory memory() {
        return allocator.memory();
    }

    Execution execution() {
        return execution;
    }

    /** Where those wait who want something of that page. */
    WaitQueueHead queue(CachedPage page) {
        return waitQueues[(int) (page.frame() & WAIT_QUEUES - 1)];
    }

    // ---- mappings

    /**
     * Makes the mapping of a file.
     *
     * @param name for messages
     */
    public FileMapping newMapping(String name, FileBlocks blocks) {
        return new FileMapping(this, name, blocks, device(blocks.device()).transfers(), false);
    }

    /** The pages of a device itself: those of its node and of its file system's buffers. The same for all who have it open. */
    public DevicePages device(BlockDevice device) {
        return devices.compute(
                device.device(), (number, known) -> isOf(known, device) ? known : new DevicePages(this, device));
    }

    /** A number may have been another's before. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOf(DevicePages pages, BlockDevice device) {
        return pages != null && pages.device() == device;
    }

    /**
     * Nobody has the device open any more: what is dirty is written, and nothing is kept (Linux: kill_bdev). May sleep.
     *
     * @return 0 or a negative errno
     */
    public int closeDevice(ProcessContext context, BlockDevice device) {
        DevicePages known = devices.get(device.device());
        if (known == null) {
            return 0;
        }
        int error = known.mapping().writeAndWait(context);
        known.discard(context);
        devices.remove(device.device(), known);
        return error;
    }

    /** Writes what is dirty of all devices themselves, and waits. May sleep. */
    public void syncDevices(ProcessContext context) {
        devices.values().stream()
                .sorted(java.util.Comparator.comparingLong(
                        pages -> pages.device().device()))
                .forEach(pages -> pages.mapping().writeAndWait(context));
    }

    // ---- pages of memory

    /** Takes a frame for a page; what can be given back goes first. May sleep. -1 when there is none. */
    long allocate(ProcessContext context) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (allocator.freePages() <= allocator.totalPages() >> RESERVE_SHIFT) {
                list.shrink(BATCH);
            }
            // The allocator itself asks for more when it has none.
            long frame = allocator.allocate(0);
            if (frame >= 0) {
                return frame;
            }
            if (dirtyPages.get() + writebackPages.get() == 0) {
                return -1;
            }
            writeback.writeSome(context);
            progress.waitEventInterruptibleTimeout(context, () -> list.shrink(BATCH) > 0, PATIENCE_NANOS);
        }
        return -1;
    }

    /** Gives clean pages back that nobody uses (Linux: /proc/sys/vm/drop_caches). May sleep. */
    public void dropCaches(ProcessContext context) {
        while (list.shrink(BATCH) > 0) {
            context.yieldProcessor();
        }
    }

    // ---- counts

    void countDirty(int difference) {
        dirtyPages.addAndGet(difference);
    }

    void countWriteback(Context context, int difference) {
        writebackPages.addAndGet(difference);
        if (difference < 0) {
            writtenPages.incrementAndGet();
            progress.wakeUpAll(context);
        }
    }

    void countRead() {
        readPages.incrementAndGet();
    }

    void countDevice(int difference) {
        devicePages.addAndGet(difference);
    }

    /** Pages of files and devices in memory. */
    public long cachedPages() {
        return list.count();
    }

    /** Of these, those of devices themselves (Linux: Buffers of /proc/meminfo). */
    public long devicePages() {
        return devicePages.get();
    }

    /** Pages whose bytes are newer than the device's. */
    public long dirtyPages() {
        return dirtyPages.get();
    }

    /** Pages that are being written. */
    public long writebackPages() {
        return writebackPages.get();
    }

    // ---- limits

    /** Pages that may be dirty before somebody begins to write them. */
    long backgroundLimit() {
        return settings.backgroundLimit(dirtyablePages());
    }

    /** Pages that may be dirty before their writers wait. */
    long dirtyLimit() {
        return settings.dirtyLimit(dirtyablePages());
    }

    private long dirtyablePages() {
        return allocator.freePages() + list.count();
    }

    /** After a page has become dirty: at the limit its writer waits until some have been written (Linux: balance_dirty_pages). May sleep. */
    void balanceDirty(ProcessContext context) {
        long dirty = dirtyPages.get() + writebackPages.get();
        if (dirty <= backgroundLimit()) {
            return;
        }
        writeback.writeSome(context);
        long enough = (backgroundLimit() + dirtyLimit()) / 2;
        while (dirtyPages.get() + writebackPages.get() > dirtyLimit()) {
            long left = progress.waitEventInterruptibleTimeout(
                    context, () -> dirtyPages.get() + writebackPages.get() <= enough, PATIENCE_NANOS);
            if (left < 0) {
                return;
            }
            writeback.writeSome(context);
        }
    }

    /** The lines of /proc/vmstat. */
    public String statisticsText() {
        return "nr_free_pages " + allocator.freePages()
                + "\nnr_file_pages " + list.count()
                + "\nnr_dirty " + dirtyPages.get()
                + "\nnr_writeback " + writebackPages.get()
                + "\nnr_dirty_threshold " + dirtyLimit()
                + "\nnr_dirty_background_threshold " + backgroundLimit()
                + "\npgpgin " + readPages.get() * (CachedPage.BYTES >> 10)
                + "\npgpgout " + writtenPages.get() * (CachedPage.BYTES >> 10)
                + "\npgsteal_file " + list.evicted() + "\n";
    }
}
