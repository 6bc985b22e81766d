// SPDX-License-Identifier: Apache-2.0
package userland.bin;

/** The columns of iostat(1), as sysstat prints them. */
final class IostatRow {
    static final String FEW = "      tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd";
    static final String MORE =
            "     r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz"
                    + "     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz  %util";

    private static final double MILLIS_PER_SECOND = 1_000;

    private IostatRow() {}

    static String few(DiskCounts counts, double seconds) {
        double read = counts.kibibytes(DiskCounts.READS);
        double written = counts.kibibytes(DiskCounts.WRITES);
        double discarded = counts.kibibytes(DiskCounts.DISCARDS);
        long requests = counts.requests(DiskCounts.READS)
                + counts.requests(DiskCounts.WRITES)
                + counts.requests(DiskCounts.DISCARDS);
        return " %8.2f %12.2f %12.2f %12.2f %10d %10d %10d"
                .formatted(
                        requests / seconds,
                        read / seconds,
                        written / seconds,
                        discarded / seconds,
                        (long) read,
                        (long) written,
                        (long) discarded);
    }

    static String more(DiskCounts counts, double seconds) {
        StringBuilder row = new StringBuilder();
        for (int kind : new int[] {DiskCounts.READS, DiskCounts.WRITES, DiskCounts.DISCARDS}) {
            long requests = counts.requests(kind);
            long merges = counts.merges(kind);
            row.append("%8.2f %9.2f %8.2f %6.2f %7.2f %8.2f"
                    .formatted(
                            requests / seconds,
                            counts.kibibytes(kind) / seconds,
                            merges / seconds,
                            Iostat.percent((double) merges, (double) merges + requests),
                            counts.averageMillis(kind),
                            requests == 0 ? 0 : counts.kibibytes(kind) / requests));
        }
        row.append("%8.2f %7.2f"
                .formatted(counts.requests(DiskCounts.FLUSHES) / seconds, counts.averageMillis(DiskCounts.FLUSHES)));
        double millis = seconds * MILLIS_PER_SECOND;
        row.append(" %7.2f %6.2f"
                .formatted(
                        counts.weightedMillis() / millis,
                        Math.min(100, Iostat.percent((double) counts.busyMillis(), millis))));
        return row.toString();
    }
}
