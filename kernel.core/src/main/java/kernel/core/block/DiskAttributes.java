// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.function.Supplier;
import kernel.core.fs.SysTable;

/** What /sys/block shows of disks and partitions (Linux: block/genhd.c, block/partitions/core.c). */
final class DiskAttributes {
    private static final String ROOT = "block/";
    /** The same once more without the tree; links on Linux. */
    private static final String CLASS = "class/block/";

    private final SysTable table;

    DiskAttributes(SysTable table) {
        this.table = table;
    }

    /** A disk has come. */
    void enter(GenericDisk disk) {
        enter(disk, ROOT + disk.name());
        enter(disk, CLASS + disk.name());
    }

    private void enter(GenericDisk disk, String path) {
        enterCommon(path, disk.whole());
        number(path + "/removable", () -> 0);
        number(path + "/hidden", () -> 0);
        number(path + "/range", () -> 0);
        number(path + "/ext_range", () -> PartitionScan.PARTITIONS_MAX);
        new QueueAttributes(disk).enter(table, path + "/queue/");
    }

    /** A partition has come. */
    void enter(BlockPart part) {
        enter(part, path(part));
        enter(part, CLASS + part.name());
    }

    private void enter(BlockPart part, String path) {
        enterCommon(path, part);
        number(path + "/partition", part::number);
        number(path + "/start", part::startSector);
    }

    private void enterCommon(String path, BlockPart part) {
        table.create(path + "/dev", () -> BlockRegistry.MAJOR + ":" + part.minor() + "\n");
        number(path + "/size", part::sectors);
        number(
                path + "/ro",
                () -> part.isReadOnly() || part.disk().queueLimits().readOnly() ? 1 : 0);
        number(path + "/alignment_offset", () -> 0);
        table.create(path + "/stat", () -> part.statistics().attributeText());
        table.create(path + "/inflight", () -> part.statistics().inFlightText());
        table.create(path + "/uevent", () -> uevent(part));
    }

    private static String uevent(BlockPart part) {
        StringBuilder text = new StringBuilder();
        text.append("MAJOR=").append(BlockRegistry.MAJOR).append('\n');
        text.append("MINOR=").append(part.minor()).append('\n');
        text.append("DEVNAME=").append(part.name()).append('\n');
        text.append("DEVTYPE=").append(part.isWhole() ? "disk" : "partition").append('\n');
        if (!part.isWhole()) {
            text.append("PARTN=").append(part.number()).append('\n');
        }
        return text.toString();
    }

    private void number(String path, Supplier<? extends Number> value) {
        table.create(path, () -> value.get() + "\n");
    }

    /** A disk has gone, and its partitions with it. */
    void leave(GenericDisk disk) {
        table.remove(ROOT + disk.name());
        disk.partitions().all().forEach(part -> table.remove(CLASS + part.name()));
    }

    void leave(BlockPart part) {
        table.remove(path(part));
        table.remove(CLASS + part.name());
    }

    private static String path(BlockPart part) {
        return ROOT + part.disk().name() + "/" + part.name();
    }
}
