// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.ENXIO;

import java.util.List;
import java.util.function.BiConsumer;
import kernel.api.block.BlockException;
import kernel.api.block.BlockOperation;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.interrupt.Work;
import kernel.api.lock.Mutex;
import kernel.core.execution.Cpu;
import kernel.core.execution.Execution;
import kernel.core.execution.Gone;
import kernel.core.execution.KernelContext;
import kernel.core.execution.RuleReporter;
import kernel.core.execution.Softirqs;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.execution.WorkQueue;
import kernel.core.fs.FileDescription;
import kernel.core.fs.ProcTable;
import kernel.core.fs.SysTable;
import kernel.core.fs.UserProcess;
import kernel.core.log.LogLevel;
import kernel.core.memory.PageAllocator;
import kernel.core.module.LoadedModule;
import kernel.core.trace.TraceEvent;

/** The block layer of one kernel: what its parts share, and the way in for the other parts of the kernel (Linux: block/). */
public final class BlockLayer {
    private final Execution execution;
    private final PageAllocator pages;
    private final BiConsumer<Integer, String> log;
    private final RuleReporter reporter;
    private final BlockRegistry registry;
    private final DiskAttributes attributes;
    private final LateQueues[] late;
    private volatile BufferedAccess.Factory bufferedAccess;

    /**
     * @param log takes a level and a message
     * @param reporter told of drivers that break the rules
     */
    public BlockLayer(
            Execution execution,
            PageAllocator pages,
            BiConsumer<Integer, String> log,
            RuleReporter reporter,
            SysTable sysTable) {
        this.execution = execution;
        this.pages = pages;
        this.log = log;
        this.reporter = reporter;
        registry = new BlockRegistry(this);
        attributes = new DiskAttributes(sysTable);
        late = new LateQueues[execution.cpuCount()];
        for (int i = 0; i < late.length; i++) {
            late[i] = new LateQueues();
        }
        execution.openSoftirq(Softirqs.Vector.BLOCK, context -> late[context.processor()].runAll(context));
    }

    /** Enters the files of /proc. */
    public void enter(ProcTable table) {
        table.create("partitions", registry::procPartitions);
        table.create("diskstats", registry::procDiskstats);
    }

    // ---- for the parts of the kernel

    /** Says how the page cache of a device is made; once, before the first device is opened. */
    public void setBufferedAccess(BufferedAccess.Factory factory) {
        bufferedAccess = factory;
    }

    BufferedAccess.Factory bufferedAccess() {
        return bufferedAccess;
    }

    public BlockRegistry registry() {
        return registry;
    }

    /** What one driver's device gets of the block layer. */
    public DriverDisks newDriverDisks(BlockOwner owner) {
        return new DriverDisks(this, owner);
    }

    /**
     * Opens a disk or partition for a part of the kernel that keeps it to itself, such as a mount (Linux: bdev_file_open_by_dev). May sleep.
     *
     * @param number see {@link kernel.uapi.FileMode#device}
     * @param user who it is, for messages, such as {@code mount /mnt}
     * @throws BlockException ENXIO when nobody has the number, ENODEV when it is going, EBUSY when somebody has it for himself, EROFS
     */
    public BlockHandle openExclusively(ProcessContext context, long number, boolean write, String user) {
        BlockPart part = registry.part(number);
        if (part == null) {
            throw new BlockException(ENXIO, "device " + number);
        }
        BlockHandle handle = new BlockHandle(part, user, true);
        int error = registry.open((Task) context, handle, write, true);
        if (error != 0) {
            throw new BlockException(-error, part.name());
        }
        return handle;
    }

    /** Opens a node on behalf of a process; see {@link kernel.core.fs.DeviceNumbers#openBlockDevice}. */
    public int open(UserProcess process, FileDescription file, long number, int flags) {
        BlockPart part = registry.part(number);
        return part == null ? -ENXIO : BlockFile.open(part, process, file, flags);
    }

    /** Users of a module's disks that are no open files of processes. */
    public List<String> kernelHolders(LoadedModule module) {
        return registry.kernelHolders(module);
    }

    /** The module whose disk an open file is of; null for other files. */
    public static LoadedModule moduleOf(FileDescription file) {
        return file.device() instanceof BlockFile open ? open.module() : null;
    }

    // ---- for its own parts

    DiskAttributes attributes() {
        return attributes;
    }

    PageAllocator pages() {
        return pages;
    }

    int processors() {
        return execution.cpuCount();
    }

    WaitQueueHead newWaitQueue(String name) {
        return execution.newWaitQueue(name, Gone.NEVER);
    }

    Mutex newMutex(String name) {
        return execution.newMutex(name);
    }

    WorkQueue.Item newWork(String name, Work.Function function) {
        return execution.workQueue().newItem(name, function);
    }

    void info(String message) {
        log.accept(LogLevel.INFO, message);
    }

    void error(String message) {
        log.accept(LogLevel.ERR, message);
    }

    void warn(String message) {
        log.accept(LogLevel.WARNING, message);
    }

    void report(Context context, String... lines) {
        reporter.report(((KernelContext) context).cpu(), List.of(lines));
    }

    /** Linux: bio_check_eod. */
    void beyondEnd(BlockBio bio) {
        info("%s: attempt to access beyond end of device: rw=%d, sector=%d, nr_sectors = %d limit=%d"
                .formatted(
                        bio.part().name(),
                        bio.operation().isWrite() ? 1 : 0,
                        bio.sector(),
                        bio.bytes() >>> GenericDisk.SECTOR_SHIFT,
                        bio.part().sectors()));
    }

    /** In a handler: the queue is run by the softirq that comes after it. */
    void runLater(Cpu cpu, HardwareQueue queue) {
        late[cpu.id()].add(queue);
        cpu.softirqs().raise(Softirqs.Vector.BLOCK);
    }

    /** A request is over, whether the driver had it or not: everybody is told, and it goes back to its pool. Any context. */
    void ended(Context context, Request request, int error) {
        RequestPool pool = request.pool;
        if (pool == null) {
            account(context, request);
            request.disk.flushCompleted(context, error);
            return;
        }
        if (request.first != null) {
            account(context, request);
            request.endFragments(context, error);
        }
        pool.give(context, request);
    }

    /** Counts a request that is over. */
    void account(Context context, Request request) {
        BlockPart part = request.counted;
        if (part == null) {
            return;
        }
        long now = context.nanoTime();
        long sectors = request.bytes >>> GenericDisk.SECTOR_SHIFT;
        BlockPart whole = request.disk.whole();
        whole.statistics().ended(context, request.operation, sectors, request.startedNanos, now);
        if (part != whole) {
            part.statistics().ended(context, request.operation, sectors, request.startedNanos, now);
        }
    }

    // ---- trace

    boolean isTracing() {
        return execution.trace().isOn();
    }

    void trace(Context context, TraceEvent event, Request request) {
        execution.trace(
                context,
                event,
                request.sector,
                request.bytes,
                traceText(request.disk.whole(), request.operation, request.forcedUnitAccess));
    }

    void trace(Context context, TraceEvent event, BlockBio bio) {
        execution.trace(
                context,
                event,
                bio.part().startSector() + bio.sector(),
                bio.bytes(),
                traceText(bio.part(), bio.operation(), bio.wantsForcedUnitAccess()));
    }

    /** Device, kind and flags, as Linux's tracepoints have them (Linux: blk_fill_rwbs). */
    private static String traceText(BlockPart part, BlockOperation operation, boolean fua) {
        String kind = switch (operation) {
            case READ -> "R";
            case WRITE -> "W";
            case FLUSH -> "F";
            case DISCARD -> "D";
            case WRITE_ZEROES -> "WZ";
        };
        return part.name() + " " + kind + (fua ? "F" : "");
    }
}
