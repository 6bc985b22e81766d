// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.api.block.BlockOperation;
import kernel.api.block.BlockRequest;
import kernel.api.block.Disk;
import kernel.api.context.Context;
import kernel.api.dma.ScatterList;

/**
 * A request and its way: taken from its pool, filled by a submitter, waiting in some queue, in the driver's hands under a tag, complete, and back in its
 * pool. Its fields belong to whoever has it; only {@link #state} is asked by several at once.
 */
final class Request implements BlockRequest {
    /** In its pool, in a plug, or waiting in a queue. */
    static final int QUEUED = 0;
    /** The driver has it. */
    static final int IN_FLIGHT = 1;
    /** The driver has handed it back. */
    static final int COMPLETE = 2;

    /** How often a request is sent again before it fails. */
    private static final int REQUEUES_MAX = 5;

    final GenericDisk disk;
    /** Where it came from and goes back to; null for the one that a flush machine owns. */
    final RequestPool pool;

    final AtomicInteger state = new AtomicInteger(QUEUED);
    BlockOperation operation;
    boolean forcedUnitAccess;
    long sector;
    long bytes;
    int segments;
    Fragment first;
    Fragment last;
    /** Who asked for it, for a scheduler that is fair. */
    int submitterPid;

    int priority;
    long startedNanos;
    /** The partition whose statistics count it, or null. */
    BlockPart counted;
    /** When the driver has had it for too long; written under the queue's lock after it is under way. */
    long deadlineNanos;
    /** Until when a scheduler would like to have sent it. */
    long expiresNanos;

    private int requeues;

    // With a tag.
    HardwareQueue queue;
    int tag;
    ScatterList data;
    Object driverData;

    /** How many look at it, timed out or not: it does not go back to its pool meanwhile. Under the queue's lock. */
    int holds;
    /** It came back while it was held, and with what. */
    boolean finished;

    int outcome;

    /** The next one in whatever list it is in, and the one before where a list needs it. */
    Request next;

    Request previous;

    Request(GenericDisk disk, RequestPool pool) {
        this.disk = disk;
        this.pool = pool;
        if (pool == null) {
            operation = BlockOperation.FLUSH;
        }
    }

    /** Makes it the request of one fragment. */
    void begin(Fragment fragment, BlockOperation newOperation, boolean fua, long now) {
        operation = newOperation;
        forcedUnitAccess = fua;
        sector = fragment.sector;
        bytes = fragment.bytes;
        segments = fragment.segments;
        first = fragment;
        last = fragment;
        startedNanos = now;
        requeues = 0;
        next = null;
        previous = null;
    }

    long endSector() {
        return sector + (bytes >>> GenericDisk.SECTOR_SHIFT);
    }

    /** Puts a fragment at its end if the two can be one (Linux: ll_back_merge_fn). */
    boolean mergeBack(Fragment fragment, QueueLimits limits) {
        if (endSector() != fragment.sector
                || !fits(fragment.bytes, limits)
                || !joins(last.endAddress, fragment.firstAddress, fragment.segments, limits)) {
            return false;
        }
        segments += joinedSegments(last.endAddress, fragment);
        last.next = fragment;
        last = fragment;
        bytes += fragment.bytes;
        return true;
    }

    /** Puts a fragment before it if the two can be one. */
    boolean mergeFront(Fragment fragment, QueueLimits limits) {
        if (fragment.endSector() != sector
                || !fits(fragment.bytes, limits)
                || !joins(fragment.endAddress, first.firstAddress, fragment.segments, limits)) {
            return false;
        }
        segments += joinedSegments(fragment.endAddress, first.firstAddress, fragment.segments);
        fragment.next = first;
        first = fragment;
        sector = fragment.sector;
        bytes += fragment.bytes;
        return true;
    }

    /** Appends all of a request that begins where this one ends; the other is empty afterwards. */
    boolean mergeRequest(Request other, QueueLimits limits) {
        if (!isLike(other.operation, other.forcedUnitAccess)
                || endSector() != other.sector
                || !fits(other.bytes, limits)
                || !joins(last.endAddress, other.first.firstAddress, other.segments, limits)) {
            return false;
        }
        segments += joinedSegments(last.endAddress, other.first.firstAddress, other.segments);
        last.next = other.first;
        last = other.last;
        bytes += other.bytes;
        startedNanos = Math.min(startedNanos, other.startedNanos);
        return true;
    }

    /** Whether something of that kind could become part of it. */
    boolean isLike(BlockOperation otherOperation, boolean fua) {
        return operation == otherOperation && forcedUnitAccess == fua && operation != BlockOperation.FLUSH;
    }

    private boolean fits(long moreBytes, QueueLimits limits) {
        return bytes + moreBytes <= limits.maxBytes(operation);
    }

    private boolean joins(long end, long begin, int moreSegments, QueueLimits limits) {
        if (!operation.hasData()) {
            return true;
        }
        return end == begin
                ? segments + moreSegments - 1 <= limits.maxSegments()
                : segments + moreSegments <= limits.maxSegments() && !limits.isGap(end, begin);
    }

    private int joinedSegments(long end, Fragment fragment) {
        return joinedSegments(end, fragment.firstAddress, fragment.segments);
    }

    private int joinedSegments(long end, long begin, int more) {
        return operation.hasData() && end == begin ? more - 1 : more;
    }

    /** Fills the list of the memory, neighbours joined. */
    void mapData() {
        data.clear();
        if (!operation.hasData()) {
            return;
        }
        long begin = 0;
        long end = -1;
        for (Fragment fragment = first; fragment != null; fragment = fragment.next) {
            BlockBio bio = fragment.bio;
            int offset = fragment.firstOffset;
            int piece = fragment.firstPiece;
            for (long left = fragment.bytes; left > 0; piece++) {
                long address = bio.address(piece) + offset;
                long length = Math.min(left, bio.length(piece) - offset);
                if (address != end) {
                    if (end >= 0) {
                        data.add(begin, (int) (end - begin));
                    }
                    begin = address;
                }
                end = address + length;
                left -= length;
                offset = 0;
            }
        }
        data.add(begin, (int) (end - begin));
    }

    /** Hands the outcome to all bios that are in it. */
    void endFragments(Context context, int error) {
        Fragment fragment = first;
        first = null;
        last = null;
        while (fragment != null) {
            Fragment following = fragment.next;
            fragment.next = null;
            fragment.bio.fragmentDone(context, error);
            fragment = following;
        }
    }

    /** Counts an attempt more; false when there have been too many. */
    boolean mayBeSentAgain() {
        return ++requeues <= REQUEUES_MAX;
    }

    void resetRequeues() {
        requeues = 0;
    }

    // ---- BlockRequest

    @Override
    public BlockOperation operation() {
        return operation;
    }

    @Override
    public boolean isForcedUnitAccess() {
        return forcedUnitAccess;
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
    public int tag() {
        return tag;
    }

    @Override
    public int queue() {
        return queue.number();
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public ScatterList data() {
        return data;
    }

    @Override
    public int requeues() {
        return requeues;
    }

    @Override
    public Object driverData() {
        return driverData;
    }

    @Override
    public void complete(Context context, int error) {
        if (state.compareAndSet(IN_FLIGHT, COMPLETE)) {
            queue.completed(context, this, error > 0 ? -error : error);
        } else {
            queue.reportNotInFlight(context, this, "completes");
        }
    }

    @Override
    public void requeue(Context context) {
        if (!mayBeSentAgain()) {
            complete(context, -kernel.uapi.Errno.EIO);
        } else if (state.compareAndSet(IN_FLIGHT, QUEUED)) {
            queue.requeued(context, this);
        } else {
            queue.reportNotInFlight(context, this, "requeues");
        }
    }

    @Override
    public String toString() {
        return "%s tag %d %s %d + %d"
                .formatted(disk.name(), tag, operation, sector, bytes >>> GenericDisk.SECTOR_SHIFT);
    }
}
