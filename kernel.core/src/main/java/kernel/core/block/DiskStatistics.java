// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.concurrent.atomic.AtomicLong;
import kernel.api.block.BlockOperation;
import kernel.api.context.Context;

/**
 * What a disk or partition has done, as /proc/diskstats counts it (Linux: struct disk_stats, Documentation/admin-guide/iostats.rst). Each processor
 * counts for itself, with nothing that could interrupt it in between; sums are exact when nothing is under way.
 */
final class DiskStatistics {
    /** What is counted for each kind of request. */
    enum Counter {
        REQUESTS,
        MERGES,
        SECTORS,
        NANOS
    }

    /** Linux's groups. */
    enum Group {
        READ,
        WRITE,
        DISCARD,
        FLUSH
    }

    private static final int COUNTERS = Counter.values().length;
    private static final int GROUPS = Group.values().length;
    private static final int STARTED = GROUPS * COUNTERS;
    private static final int ENDED = STARTED + GROUPS;
    private static final int ROW = ENDED + GROUPS;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final long[][] rows;
    private final AtomicLong lastTickMillis = new AtomicLong();
    private final AtomicLong busyMillis = new AtomicLong();

    DiskStatistics(int processors) {
        rows = new long[processors][ROW];
    }

    static Group group(BlockOperation operation) {
        return switch (operation) {
            case READ -> Group.READ;
            case WRITE, WRITE_ZEROES -> Group.WRITE;
            case DISCARD -> Group.DISCARD;
            case FLUSH -> Group.FLUSH;
        };
    }

    /** A request begins to wait. */
    void started(Context context, BlockOperation operation, long now) {
        tick(now, false);
        rows[context.processor()][STARTED + group(operation).ordinal()]++;
    }

    /** Something became part of a request that waits. */
    void merged(Context context, BlockOperation operation) {
        rows[context.processor()][group(operation).ordinal() * COUNTERS + Counter.MERGES.ordinal()]++;
    }

    /** A request is over. */
    void ended(Context context, BlockOperation operation, long sectors, long startedNanos, long now) {
        tick(now, true);
        long[] row = rows[context.processor()];
        int group = group(operation).ordinal();
        int base = group * COUNTERS;
        row[ENDED + group]++;
        row[base + Counter.REQUESTS.ordinal()]++;
        row[base + Counter.SECTORS.ordinal()] += sectors;
        row[base + Counter.NANOS.ordinal()] += now - startedNanos;
    }

    /** A request was made one with another: it never ends by itself. */
    void absorbed(Context context, BlockOperation operation) {
        long[] row = rows[context.processor()];
        int group = group(operation).ordinal();
        row[ENDED + group]++;
        row[group * COUNTERS + Counter.MERGES.ordinal()]++;
    }

    /** In each millisecond in which something is under way the device is busy (Linux: update_io_ticks). */
    private void tick(long now, boolean end) {
        long millis = now / NANOS_PER_MILLI;
        long last = lastTickMillis.get();
        if (millis != last && lastTickMillis.compareAndSet(last, millis)) {
            busyMillis.addAndGet(end || inFlight() > 0 ? millis - last : 1);
        }
    }

    long count(Group group, Counter counter) {
        long sum = 0;
        for (long[] row : rows) {
            sum += row[group.ordinal() * COUNTERS + counter.ordinal()];
        }
        return sum;
    }

    long millis(Group group) {
        return count(group, Counter.NANOS) / NANOS_PER_MILLI;
    }

    /** Requests of that kind that have begun and not ended. */
    long inFlight(Group group) {
        long sum = 0;
        for (long[] row : rows) {
            sum += row[STARTED + group.ordinal()] - row[ENDED + group.ordinal()];
        }
        return Math.max(0, sum);
    }

    long inFlight() {
        return inFlight(Group.READ) + inFlight(Group.WRITE) + inFlight(Group.DISCARD);
    }

    /** The numbers of /proc/diskstats and of the attribute {@code stat}, with that between them. */
    String text(String separator) {
        StringBuilder text = new StringBuilder();
        for (Group group : new Group[] {Group.READ, Group.WRITE}) {
            append(text, group, separator);
        }
        long weighted = millis(Group.READ) + millis(Group.WRITE) + millis(Group.DISCARD);
        text.append(inFlight()).append(separator);
        text.append(busyMillis.get()).append(separator);
        text.append(weighted + millis(Group.FLUSH)).append(separator);
        append(text, Group.DISCARD, separator);
        text.append(count(Group.FLUSH, Counter.REQUESTS)).append(separator).append(millis(Group.FLUSH));
        return text.toString();
    }

    /** The attribute {@code stat}: the numbers in columns of eight. */
    String attributeText() {
        StringBuilder line = new StringBuilder();
        for (String number : text(" ").split(" ", -1)) {
            line.append(line.isEmpty() ? "" : " ").append("%8s".formatted(number));
        }
        return line.append('\n').toString();
    }

    /** The attribute {@code inflight}: reads and writes. */
    String inFlightText() {
        return "%8d %8d\n".formatted(inFlight(Group.READ), inFlight(Group.WRITE) + inFlight(Group.DISCARD));
    }

    private void append(StringBuilder text, Group group, String separator) {
        text.append(count(group, Counter.REQUESTS)).append(separator);
        text.append(count(group, Counter.MERGES)).append(separator);
        text.append(count(group, Counter.SECTORS)).append(separator);
        text.append(millis(group)).append(separator);
    }
}
