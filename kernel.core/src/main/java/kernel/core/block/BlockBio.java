// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;

/**
 * A bio. What its user prepared, the fragments that it was cut into, and where it is on its way: flush first, data, flush afterwards (Linux: struct bio,
 * block/bio.c).
 */
final class BlockBio implements Bio {
    private final BlockPart part;
    private final long[] addresses;
    private final int[] lengths;
    private final Splitter splitter = new Splitter(this);
    private final AtomicInteger remaining = new AtomicInteger();
    private final BooleanSupplier isDone = this::isDone;
    private Fragment[] fragments = new Fragment[1];
    private int fragmentCount;
    private int pieces;
    private BlockOperation operation;
    private long sector;
    private long bytes;
    private boolean forcedUnitAccess;
    private boolean flushFirst;
    private Handler handler;
    private Object attachment;
    private WaitQueueHead waiters;
    private boolean underWay;
    private volatile boolean done = true;
    private volatile int error;

    /** What is still to come; set by the disk, one step after the other. */
    FlushStep step = FlushStep.NONE;
    /** The next one that waits for the same flush, or for requests in process context. */
    BlockBio next;

    /** A fragment that found no request. */
    Fragment stuck;

    int submitterPid;
    int priority;

    /** How far a bio with a flush has come. */
    enum FlushStep {
        NONE,
        BEFORE_DATA,
        DATA,
        AFTER_DATA
    }

    BlockBio(BlockPart part, int maxSegments) {
        this.part = part;
        addresses = new long[maxSegments];
        lengths = new int[maxSegments];
    }

    // ---- prepared by its user

    @Override
    public Bio reset(BlockOperation newOperation, long newSector, long length) {
        if (underWay && !done) {
            throw new IllegalStateException("a bio is reset that the block layer has");
        }
        underWay = false;
        operation = newOperation;
        sector = newSector;
        bytes = length;
        pieces = 0;
        forcedUnitAccess = false;
        flushFirst = false;
        handler = null;
        attachment = null;
        error = 0;
        return this;
    }

    @Override
    public boolean add(long physicalAddress, int length) {
        if (pieces == addresses.length) {
            return false;
        }
        if (length <= 0 || length % part.disk().limits().logicalBlockBytes() != 0) {
            throw new IllegalArgumentException("a piece of " + length + " bytes on a device with blocks of "
                    + part.disk().limits().logicalBlockBytes());
        }
        addresses[pieces] = physicalAddress;
        lengths[pieces] = length;
        pieces++;
        bytes += length;
        return true;
    }

    @Override
    public Bio forcedUnitAccess() {
        forcedUnitAccess = true;
        return this;
    }

    @Override
    public Bio flushFirst() {
        flushFirst = true;
        return this;
    }

    @Override
    public Bio onCompletion(Handler newHandler) {
        handler = newHandler;
        return this;
    }

    @Override
    public Bio attach(Object object) {
        attachment = object;
        return this;
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public BlockOperation operation() {
        return operation;
    }

    @Override
    public long sector() {
        return sector;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int error() {
        return error;
    }

    BlockPart part() {
        return part;
    }

    boolean wantsForcedUnitAccess() {
        return forcedUnitAccess;
    }

    boolean wantsFlushFirst() {
        return flushFirst;
    }

    boolean hasPieces() {
        return pieces > 0;
    }

    long address(int piece) {
        return addresses[piece];
    }

    int length(int piece) {
        return lengths[piece];
    }

    Splitter splitter() {
        return splitter;
    }

    /** Whether it is its user's. */
    boolean isDone() {
        return done;
    }

    // ---- on its way

    @Override
    public void submit(ProcessContext context) {
        begin((Task) context);
        part.submit((Task) context, this);
    }

    @Override
    public int submitAndWait(ProcessContext context) {
        if (waiters == null) {
            waiters = part.disk().newWaitQueue("bio");
        }
        begin((Task) context);
        part.submit((Task) context, this);
        waiters.waitEvent(context, isDone);
        return error;
    }

    private void begin(Task task) {
        if (operation == null || underWay) {
            throw new IllegalStateException("a bio is submitted that was not reset");
        }
        task.mightSleep("submit_bio");
        underWay = true;
        done = false;
        submitterPid = task.pid();
        priority = task.ioPriority();
        step = FlushStep.NONE;
    }

    /** The cutting begins: counts as a fragment itself, until {@link #fragmentDone} for it. */
    void beginFragments(long firstSector) {
        fragmentCount = 0;
        remaining.set(1);
        splitter.start(firstSector);
    }

    /** One more; kept for the next time. */
    Fragment newFragment() {
        if (fragmentCount == fragments.length) {
            fragments = java.util.Arrays.copyOf(fragments, fragments.length * 2);
        }
        Fragment fragment = fragments[fragmentCount];
        if (fragment == null) {
            fragment = new Fragment(this);
            fragments[fragmentCount] = fragment;
        }
        fragmentCount++;
        remaining.incrementAndGet();
        return fragment;
    }

    /** A fragment is over; the last one ends the bio. Any context. */
    void fragmentDone(Context context, int fragmentError) {
        if (fragmentError != 0) {
            error = fragmentError;
        }
        if (remaining.decrementAndGet() == 0) {
            part.disk().dataDone(context, this);
        }
    }

    /** It is over. Any context. */
    void finish(Context context, int finalError) {
        if (finalError != 0) {
            error = finalError;
        }
        Handler told = handler;
        WaitQueueHead waiting = waiters;
        done = true;
        if (told != null) {
            told.completed(context, this);
        } else if (waiting != null) {
            waiting.wakeUp(context);
        }
    }
}
