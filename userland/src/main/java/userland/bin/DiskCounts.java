// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import userland.libc.Libc;

/**
 * A line of /proc/diskstats, or the difference of two.
 *
 * @param name of the disk or partition
 * @param counts from the fourth column on (Linux: Documentation/admin-guide/iostats.rst)
 */
record DiskCounts(String name, List<Long> counts) {
    private static final int FIRST_COUNT = 3;
    private static final int COUNTS = 17;
    private static final double SECTORS_PER_KIB = 2;

    static final int READS = 0;
    static final int WRITES = 4;
    static final int DISCARDS = 11;
    static final int FLUSHES = 15;
    private static final int BUSY_MILLIS = 9;
    private static final int WEIGHTED_MILLIS = 10;
    private static final int MERGES = 1;
    private static final int SECTORS = 2;
    private static final int MILLIS = 3;

    /** What the kernel says now. */
    static List<DiskCounts> read(Libc libc) {
        List<DiskCounts> all = new ArrayList<>();
        for (String line : TextFiles.lines(libc, "/proc/diskstats")) {
            String[] fields = line.strip().split(" +", -1);
            List<Long> counts = new ArrayList<>();
            for (int i = FIRST_COUNT; i < FIRST_COUNT + COUNTS; i++) {
                counts.add(i < fields.length ? Long.parseLong(fields[i]) : 0);
            }
            all.add(new DiskCounts(fields[2], counts));
        }
        return all;
    }

    /** What has come since then; all of it when it was not there. */
    DiskCounts since(List<DiskCounts> earlier) {
        for (DiskCounts old : earlier) {
            if (old.name.equals(name)) {
                List<Long> differences = new ArrayList<>();
                for (int i = 0; i < COUNTS; i++) {
                    differences.add(counts.get(i) - old.counts.get(i));
                }
                return new DiskCounts(name, differences);
            }
        }
        return this;
    }

    /** Requests of a kind that are over. */
    long requests(int kind) {
        return counts.get(kind);
    }

    long merges(int kind) {
        return counts.get(kind + MERGES);
    }

    double kibibytes(int kind) {
        return counts.get(kind + SECTORS) / SECTORS_PER_KIB;
    }

    /** How long a request of a kind took on the average, in milliseconds. */
    double averageMillis(int kind) {
        long millis = counts.get(kind == FLUSHES ? FLUSHES + 1 : kind + MILLIS);
        return requests(kind) == 0 ? 0 : (double) millis / requests(kind);
    }

    long busyMillis() {
        return counts.get(BUSY_MILLIS);
    }

    long weightedMillis() {
        return counts.get(WEIGHTED_MILLIS);
    }

    boolean isIdle() {
        return requests(READS) + requests(WRITES) + requests(DISCARDS) + requests(FLUSHES) == 0;
    }
}
