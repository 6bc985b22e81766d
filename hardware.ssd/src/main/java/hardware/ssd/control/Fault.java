// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.control;

/**
 * A fault to inject: what, where and when. It strikes at an occasion that its kind counts and that lies within its queue, namespace and range, if
 * the first occasions are over, then at every {@code interval}-th of them with its probability, until it has struck often enough.
 *
 * @param kind what goes wrong
 * @param queue the submission queue that is meant, or {@link #ANY}; 0 is the admin queue
 * @param namespace the namespace that is meant, or {@link #ANY}
 * @param firstBlock where the range begins, in blocks of the namespace
 * @param blockCount how long it is; {@link Long#MAX_VALUE} for the rest of the namespace
 * @param after how many occasions pass before it may strike
 * @param interval it may strike at every so many occasions, from 1
 * @param probability that it then does, 0 to 1; drawn from the device's seed
 * @param times how often it strikes before it is over; {@link Long#MAX_VALUE} for ever
 * @param blocks by how many blocks misdirected data is off; may be negative
 * @param delayNanos how much longer a slow command takes
 */
public record Fault(
        FaultKind kind,
        int queue,
        int namespace,
        long firstBlock,
        long blockCount,
        long after,
        long interval,
        double probability,
        long times,
        long blocks,
        long delayNanos) {
    /** Every queue, every namespace. */
    public static final int ANY = -1;

    private static final long DEFAULT_DELAY_NANOS = 1_000_000_000;

    public Fault {
        if (queue < ANY || namespace < ANY || namespace == 0) {
            throw new IllegalArgumentException("no such place: queue %d, namespace %d".formatted(queue, namespace));
        }
        if (firstBlock < 0 || blockCount <= 0) {
            throw new IllegalArgumentException("no range: %d blocks from %d".formatted(blockCount, firstBlock));
        }
        if (after < 0 || interval < 1 || times < 1 || delayNanos < 0) {
            throw new IllegalArgumentException(
                    "after %d, interval %d, times %d, delay %d ns".formatted(after, interval, times, delayNanos));
        }
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is 0 to 1, not " + probability);
        }
    }

    /** That kind, anywhere, at every occasion, for ever; misdirected by 8 blocks, slower by a second. */
    public static Fault of(FaultKind kind) {
        return new Fault(kind, ANY, ANY, 0, Long.MAX_VALUE, 0, 1, 1, Long.MAX_VALUE, 8, DEFAULT_DELAY_NANOS);
    }

    /** The same in one queue only. */
    public Fault inQueue(int newQueue) {
        return new Fault(
                kind,
                newQueue,
                namespace,
                firstBlock,
                blockCount,
                after,
                interval,
                probability,
                times,
                blocks,
                delayNanos);
    }

    /** The same in one namespace only. */
    public Fault inNamespace(int newNamespace) {
        return new Fault(
                kind,
                queue,
                newNamespace,
                firstBlock,
                blockCount,
                after,
                interval,
                probability,
                times,
                blocks,
                delayNanos);
    }

    /** The same for commands that touch one of these blocks. */
    public Fault inBlocks(long first, long count) {
        return new Fault(kind, queue, namespace, first, count, after, interval, probability, times, blocks, delayNanos);
    }

    /** The same, but the first occasions pass. */
    public Fault after(long occasions) {
        return new Fault(
                kind,
                queue,
                namespace,
                firstBlock,
                blockCount,
                occasions,
                interval,
                probability,
                times,
                blocks,
                delayNanos);
    }

    /** The same at every so many occasions only. */
    public Fault every(long newInterval) {
        return new Fault(
                kind,
                queue,
                namespace,
                firstBlock,
                blockCount,
                after,
                newInterval,
                probability,
                times,
                blocks,
                delayNanos);
    }

    /** The same with that probability. */
    public Fault withProbability(double newProbability) {
        return new Fault(
                kind,
                queue,
                namespace,
                firstBlock,
                blockCount,
                after,
                interval,
                newProbability,
                times,
                blocks,
                delayNanos);
    }

    /** The same, but over after it has struck so often. */
    public Fault times(long newTimes) {
        return new Fault(
                kind,
                queue,
                namespace,
                firstBlock,
                blockCount,
                after,
                interval,
                probability,
                newTimes,
                blocks,
                delayNanos);
    }

    /** The same, misdirected by so many blocks. */
    public Fault offBy(long newBlocks) {
        return new Fault(
                kind,
                queue,
                namespace,
                firstBlock,
                blockCount,
                after,
                interval,
                probability,
                times,
                newBlocks,
                delayNanos);
    }

    /** The same, slower by that time. */
    public Fault slowerBy(long newDelayNanos) {
        return new Fault(
                kind,
                queue,
                namespace,
                firstBlock,
                blockCount,
                after,
                interval,
                probability,
                times,
                blocks,
                newDelayNanos);
    }
}
