// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EINVAL;

import java.util.function.Supplier;
import kernel.api.block.DiskLimits;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Task;
import kernel.core.fs.SysTable;

/** What /sys/block/DISK/queue shows and takes (Linux: block/blk-sysfs.c, Documentation/ABI/stable/sysfs-block). */
final class QueueAttributes {
    private static final int KIB_SHIFT = 10;
    private static final String WRITE_BACK = "write back";
    private static final String WRITE_THROUGH = "write through";

    /** What becomes of a number that was written. */
    private interface NumberWriter {
        int store(Task task, long value);
    }

    private final GenericDisk disk;
    private final QueueLimits limits;

    QueueAttributes(GenericDisk disk) {
        this.disk = disk;
        limits = disk.queueLimits();
    }

    void enter(SysTable table, String path) {
        DiskLimits device = disk.limits();
        number(table, path + "logical_block_size", device::logicalBlockBytes);
        number(table, path + "hw_sector_size", device::logicalBlockBytes);
        number(table, path + "physical_block_size", device::physicalBlockBytes);
        number(table, path + "minimum_io_size", device::physicalBlockBytes);
        number(table, path + "optimal_io_size", () -> 0);
        number(table, path + "max_segments", device::maxSegments);
        number(table, path + "max_hw_sectors_kb", () -> device.maxBytes() >> KIB_SHIFT);
        number(table, path + "virt_boundary_mask", () -> device.segmentBoundaryBytes() - 1);
        number(table, path + "discard_granularity", device::discardGranularityBytes);
        number(table, path + "discard_max_bytes", device::maxDiscardBytes);
        number(table, path + "discard_max_hw_bytes", device::maxDiscardBytes);
        number(table, path + "discard_zeroes_data", () -> 0);
        number(table, path + "write_zeroes_max_bytes", device::maxWriteZeroesBytes);
        number(table, path + "rotational", () -> 0);
        number(table, path + "fua", () -> device.forcedUnitAccess() ? 1 : 0);
        number(table, path + "io_timeout", () -> disk.tagSet().timeoutNanos() / 1_000_000);
        table.create(
                path + "scheduler",
                () -> DiskSettings.schedulers(disk) + "\n",
                (context, text) -> DiskSettings.setScheduler((Task) context, disk, text.strip()));
        table.create(
                path + "write_cache", () -> (limits.writeCache() ? WRITE_BACK : WRITE_THROUGH) + "\n", this::setCache);
        changeable(
                table,
                path + "nr_requests",
                () -> DiskSettings.requests(disk),
                (task, value) -> DiskSettings.changeRequests(task, disk, value));
        changeable(
                table,
                path + "max_sectors_kb",
                () -> limits.maxBytes() >> KIB_SHIFT,
                (task, value) -> limits.setMaxBytes(value << KIB_SHIFT) ? 0 : -EINVAL);
        changeable(table, path + "iostats", () -> disk.countsStatistics() ? 1 : 0, (task, value) -> {
            disk.setCountsStatistics(value != 0);
            return 0;
        });
        changeable(table, path + "nomerges", disk::mergeMode, (task, value) -> disk.setMergeMode(value) ? 0 : -EINVAL);
    }

    private int setCache(ProcessContext context, String text) {
        switch (text.strip()) {
            case WRITE_BACK -> limits.setWriteCache(true);
            case WRITE_THROUGH, "none" -> limits.setWriteCache(false);
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }

    private static void number(SysTable table, String path, Supplier<? extends Number> value) {
        table.create(path, () -> value.get() + "\n");
    }

    private static void changeable(SysTable table, String path, Supplier<? extends Number> value, NumberWriter writer) {
        table.create(path, () -> value.get() + "\n", (context, text) -> {
            long number = parse(text.strip());
            return number < 0 ? -EINVAL : writer.store((Task) context, number);
        });
    }

    /** A number that is not negative and not absurd; -1 for another text. */
    private static long parse(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }
}
