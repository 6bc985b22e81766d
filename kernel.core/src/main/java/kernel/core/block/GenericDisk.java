// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.EOPNOTSUPP;
import static kernel.uapi.Errno.EROFS;

import kernel.api.block.BlockDriver;
import kernel.api.block.BlockOperation;
import kernel.api.block.Disk;
import kernel.api.block.DiskLimits;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.lock.Mutex;
import kernel.core.block.BlockBio.FlushStep;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.execution.WorkQueue;
import kernel.core.trace.TraceEvent;

/**
 * A disk: the way of a bio from its user to a hardware queue (Linux: struct gendisk with its request_queue, block/blk-core.c, block/blk-mq.c).
 */
final class GenericDisk implements Disk {
    static final int SECTOR_SHIFT = 9;

    private static final int NO_MERGES = 2;

    private final BlockLayer layer;
    private final BlockTagSet tagSet;
    private final String name;
    private final QueueLimits limits;
    private final DiskQueue[] queues;
    /** For each processor its hardware queue, and its place among the processors of that one. */
    private final int[] queueOfProcessor;

    private final int[] placeOfProcessor;
    private final Mutex settingsLock;
    private final DriverCalls driverCalls;
    private final FlushMachine flushes;
    private final DeferredBios deferred;
    private final PartitionMap partitions;
    private volatile BlockOwner owner;
    private volatile Object driverData;
    private volatile long sectors;
    private volatile Scheduler scheduler;
    private volatile boolean gone;
    private volatile boolean countsStatistics = true;
    /** 0 for all merges, 1 for the simple ones only, which here are all, 2 for none (Linux: nomerges). */
    private volatile int mergeMode;

    GenericDisk(
            BlockLayer layer,
            BlockOwner owner,
            BlockTagSet tagSet,
            String name,
            long sectors,
            DiskLimits deviceLimits,
            Object driverData) {
        this.layer = layer;
        this.owner = owner;
        this.tagSet = tagSet;
        this.name = name;
        this.sectors = sectors;
        this.driverData = driverData;
        limits = new QueueLimits(deviceLimits);
        int processors = layer.processors();
        queueOfProcessor = new int[processors];
        placeOfProcessor = new int[processors];
        int[] counts = new int[tagSet.queues()];
        for (int processor = 0; processor < processors; processor++) {
            int queue = tagSet.queueOf(processor, processors);
            queueOfProcessor[processor] = queue;
            placeOfProcessor[processor] = counts[queue]++;
        }
        queues = new DiskQueue[tagSet.queues()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new DiskQueue(this, tagSet.queue(i), counts[i]);
        }
        settingsLock = layer.newMutex(name + " settings");
        driverCalls = new DriverCalls(layer.newWaitQueue(name + " drain"));
        flushes = new FlushMachine(this);
        deferred = new DeferredBios(this);
        partitions = new PartitionMap(this);
    }

    BlockLayer layer() {
        return layer;
    }

    BlockTagSet tagSet() {
        return tagSet;
    }

    /** Null when its driver has gone. */
    BlockOwner owner() {
        return owner;
    }

    QueueLimits queueLimits() {
        return limits;
    }

    PartitionMap partitions() {
        return partitions;
    }

    BlockPart whole() {
        return partitions.whole();
    }

    DiskQueue[] queues() {
        return queues;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Held by whoever changes scheduler or requests. */
    Mutex settingsLock() {
        return settingsLock;
    }

    /** While nothing waits and nothing is under way. */
    void setScheduler(Scheduler newScheduler) {
        scheduler = newScheduler;
    }

    boolean isGone() {
        return gone;
    }

    boolean countsStatistics() {
        return countsStatistics;
    }

    void setCountsStatistics(boolean on) {
        countsStatistics = on;
    }

    int mergeMode() {
        return mergeMode;
    }

    /** False for a mode that there is not. */
    boolean setMergeMode(long mode) {
        if (mode > NO_MERGES) {
            return false;
        }
        mergeMode = (int) mode;
        return true;
    }

    WaitQueueHead newWaitQueue(String what) {
        return layer.newWaitQueue(what);
    }

    WorkQueue.Item newWork(String what, kernel.api.interrupt.Work.Function function) {
        return layer.newWork(what, function);
    }

    // ---- Disk

    @Override
    public String name() {
        return name;
    }

    @Override
    public Object driverData() {
        return driverData;
    }

    @Override
    public DiskLimits limits() {
        return limits.device();
    }

    @Override
    public long sectors() {
        return sectors;
    }

    @Override
    public void setSectors(ProcessContext context, long newSectors) {
        long old = sectors;
        if (newSectors < 0) {
            throw new IllegalArgumentException("a disk of " + newSectors + " sectors");
        }
        sectors = newSectors;
        if (old != newSectors && !gone) {
            layer.info("%s: detected capacity change from %d to %d".formatted(name, old, newSectors));
        }
    }

    @Override
    public void remove(ProcessContext context) {
        layer.registry().remove((Task) context, this);
    }

    /** A control that the driver may know. May sleep. */
    long driverIoctl(ProcessContext context, int command, long argument) {
        if (!driverCalls.enter()) {
            return -ENODEV;
        }
        try {
            BlockDriver driver = tagSet.driver();
            return driver == null ? -ENODEV : driver.ioctl(context, this, command, argument);
        } finally {
            driverCalls.exit();
        }
    }

    /** Nobody enters the driver by a control any more, and the last one has left. May sleep. */
    void closeDriver(Task task) {
        driverCalls.close(task);
    }

    /** From now on nothing is let in, and what waits fails. */
    void markGone(Context context) {
        gone = true;
        for (DiskQueue queue : queues) {
            queue.pool().close(context);
        }
        tagSet.runAll(context);
    }

    /** The driver has gone, and with it what was its own. */
    void forgetDriver() {
        owner = null;
        driverData = null;
    }

    // ---- from a bio to requests

    /** Takes a bio. May sleep for a request. */
    void submit(Task task, BlockBio bio) {
        int error = check(bio);
        if (error != 0) {
            bio.finish(task, error);
            return;
        }
        if (layer.isTracing()) {
            layer.trace(task, TraceEvent.BLOCK_BIO_QUEUE, bio);
        }
        boolean flushes = limits.writeCache();
        if (bio.operation() == BlockOperation.FLUSH || (bio.bytes() == 0 && bio.wantsFlushFirst())) {
            endByFlush(task, bio, flushes);
        } else if (bio.bytes() == 0) {
            bio.finish(task, 0);
        } else if (bio.wantsFlushFirst() && flushes) {
            bio.step = FlushStep.BEFORE_DATA;
            this.flushes.flush(task, bio);
        } else {
            beginData(bio);
            sendData(task, task, bio);
        }
    }

    private void endByFlush(Context context, BlockBio bio, boolean needed) {
        if (needed) {
            bio.step = FlushStep.AFTER_DATA;
            flushes.flush(context, bio);
        } else {
            bio.finish(context, 0);
        }
    }

    /** What is wrong with a bio, as a negative errno, or 0 (Linux: submit_bio_noacct). */
    private int check(BlockBio bio) {
        if (gone || bio.part().isRemoved()) {
            return -ENODEV;
        }
        if (bio.operation().isWrite() && (limits.readOnly() || bio.part().isReadOnly())) {
            return -EROFS;
        }
        long blockSectors = limits.logicalBlockBytes() >> SECTOR_SHIFT;
        if (bio.sector() % blockSectors != 0 || bio.bytes() % limits.logicalBlockBytes() != 0) {
            return -EINVAL;
        }
        if (bio.operation().hasData() != bio.hasPieces() && bio.bytes() > 0) {
            return -EINVAL;
        }
        long count = bio.bytes() >>> SECTOR_SHIFT;
        long end = bio.part().sectors();
        if (bio.sector() < 0 || count > end || bio.sector() > end - count) {
            layer.beyondEnd(bio);
            return -EIO;
        }
        boolean range = bio.operation() == BlockOperation.DISCARD || bio.operation() == BlockOperation.WRITE_ZEROES;
        return range && limits.maxRange(bio.operation()) == 0 ? -EOPNOTSUPP : 0;
    }

    private void beginData(BlockBio bio) {
        bio.step = FlushStep.DATA;
        bio.beginFragments(bio.part().startSector() + bio.sector());
    }

    /**
     * Makes requests of what is left of a bio.
     *
     * @param task who may sleep for a request; null when there is nobody, then it goes on in a worker
     */
    void sendData(Context context, Task task, BlockBio bio) {
        boolean over = true;
        int error = -EIO;
        try {
            over = makeRequests(context, task, bio);
            error = 0;
        } finally {
            // When the driver threw, the bio is over all the same, as soon as what was made of it is.
            if (over) {
                bio.fragmentDone(context, error);
            }
        }
    }

    /** False when it goes on in a worker. */
    private boolean makeRequests(Context context, Task task, BlockBio bio) {
        boolean fua = passesForcedUnitAccess(bio);
        for (Fragment fragment = nextFragment(bio); fragment != null; fragment = nextFragment(bio)) {
            Plug plug = task == null ? null : Plug.of(task);
            if (mergeMode != NO_MERGES && merge(context, plug, fragment)) {
                continue;
            }
            RequestPool pool = queueOf(context).pool();
            Request request = task == null ? pool.tryTake() : pool.take(task);
            if (request != null) {
                fill(context, request, fragment, fua);
                if (plug != null) {
                    plug.add(task, request);
                } else {
                    insert(context, request);
                }
            } else if (task == null) {
                bio.stuck = fragment;
                deferred.add(context, bio);
                return false;
            } else {
                bio.fragmentDone(context, -ENODEV);
            }
        }
        return true;
    }

    private Fragment nextFragment(BlockBio bio) {
        Fragment stuck = bio.stuck;
        if (stuck != null) {
            bio.stuck = null;
            return stuck;
        }
        return bio.splitter().isAtEnd() ? null : bio.splitter().next(limits);
    }

    private void fill(Context context, Request request, Fragment fragment, boolean fua) {
        BlockBio bio = fragment.bio;
        long now = context.nanoTime();
        request.begin(fragment, bio.operation(), fua, now);
        request.submitterPid = bio.submitterPid;
        request.priority = bio.priority;
        if (countsStatistics) {
            request.counted = bio.part();
            whole().statistics().started(context, bio.operation(), now);
            if (bio.part() != whole()) {
                bio.part().statistics().started(context, bio.operation(), now);
            }
        } else {
            request.counted = null;
        }
    }

    private boolean merge(Context context, Plug plug, Fragment fragment) {
        Scheduler current = scheduler;
        boolean merged = plug != null && plug.merge(fragment, this, limits);
        if (!merged && current != null) {
            merged = current.size() > 0 && current.merge(fragment, limits);
        } else if (!merged) {
            merged = softwareQueue(context).merge(fragment, limits);
        }
        if (merged) {
            BlockPart part = fragment.bio.part();
            if (layer.isTracing()) {
                layer.trace(context, TraceEvent.BLOCK_REQUEST_MERGE, fragment.bio);
            }
            whole().statistics().merged(context, fragment.bio.operation());
            if (part != whole()) {
                part.statistics().merged(context, fragment.bio.operation());
            }
        }
        return merged;
    }

    private DiskQueue queueOf(Context context) {
        return queues[queueOfProcessor[context.processor()]];
    }

    private SoftwareQueue softwareQueue(Context context) {
        int processor = context.processor();
        return queues[queueOfProcessor[processor]].software(placeOfProcessor[processor]);
    }

    /** Sends a request, or lets it wait for its turn. */
    private void insert(Context context, Request request) {
        HardwareQueue queue = queueOf(context).queue();
        if (scheduler == null && queue.trySendDirectly(context, request)) {
            return;
        }
        enqueue(context, request);
        run(context, queue);
    }

    private void run(Context context, HardwareQueue queue) {
        queue.run(context);
        if (gone) {
            // It may have come too late for those who saw to what waited.
            failWaiting(context);
        }
    }

    private void failWaiting(Context context) {
        long now = context.nanoTime();
        for (DiskQueue queue : queues) {
            for (Request request = queue.poll(now); request != null; request = queue.poll(now)) {
                layer.ended(context, request, -ENODEV);
            }
        }
    }

    /** All of a list, and then they are sent together. */
    void insertAll(Context context, Request first) {
        HardwareQueue queue = queueOf(context).queue();
        Request request = first;
        while (request != null) {
            Request following = request.next;
            enqueue(context, request);
            request = following;
        }
        run(context, queue);
        HardwareQueue here = queueOf(context).queue();
        if (here != queue) {
            // The task was put on another processor in between.
            run(context, here);
        }
    }

    private void enqueue(Context context, Request request) {
        if (layer.isTracing()) {
            layer.trace(context, TraceEvent.BLOCK_REQUEST_INSERT, request);
        }
        Scheduler current = scheduler;
        if (current == null) {
            softwareQueue(context).add(request);
            return;
        }
        Request absorbed = current.insert(request, limits, context.nanoTime());
        if (absorbed != null) {
            BlockPart part = absorbed.counted;
            if (part != null) {
                whole().statistics().absorbed(context, absorbed.operation);
                if (part != whole()) {
                    part.statistics().absorbed(context, absorbed.operation);
                }
            }
            absorbed.first = null;
            absorbed.last = null;
            absorbed.pool.give(context, absorbed);
        }
    }

    /** Whether the device is asked to make that write durable by itself. */
    boolean passesForcedUnitAccess(BlockBio bio) {
        return bio.wantsForcedUnitAccess()
                && bio.operation() == BlockOperation.WRITE
                && limits.writeCache()
                && limits.forcedUnitAccess();
    }

    // ---- flushes

    /** Sends the flush machine's request, before all that waits. */
    void sendFlush(Context context, Request request) {
        request.counted = countsStatistics ? whole() : null;
        if (request.counted != null) {
            whole().statistics().started(context, BlockOperation.FLUSH, request.startedNanos);
        }
        HardwareQueue queue = queueOf(context).queue();
        queue.addReady(request);
        queue.run(context);
    }

    void flushCompleted(Context context, int error) {
        flushes.completed(context, error);
    }

    /** A flush that a bio waited for is over. Any context. */
    void flushed(Context context, BlockBio bio, int error) {
        if (error != 0 || bio.step == FlushStep.AFTER_DATA) {
            bio.finish(context, error);
        } else {
            beginData(bio);
            sendData(context, null, bio);
        }
    }

    /** The data of a bio has been moved, or not. Any context. */
    void dataDone(Context context, BlockBio bio) {
        boolean durable = !bio.wantsForcedUnitAccess()
                || !bio.operation().isWrite()
                || !limits.writeCache()
                || passesForcedUnitAccess(bio);
        if (durable || bio.error() != 0) {
            bio.finish(context, 0);
        } else {
            endByFlush(context, bio, true);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
