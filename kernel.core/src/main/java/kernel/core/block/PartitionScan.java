// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EIO;

import hardware.machine.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import kernel.api.block.Bio;
import kernel.api.block.BlockOperation;
import kernel.core.execution.Task;

/**
 * Reads a disk's partition table and makes its partitions (Linux: block/partitions/core.c). Whatever is on the disk, it ends with partitions that lie on the
 * disk and apart from each other, and the log says what was left out.
 */
final class PartitionScan implements BlockReader {
    /** Linux: DISK_MAX_PARTS. */
    static final int PARTITIONS_MAX = 256;

    private final Task task;
    private final GenericDisk disk;
    private boolean failed;

    private PartitionScan(Task task, GenericDisk disk) {
        this.task = task;
        this.disk = disk;
    }

    /**
     * Replaces the disk's partitions by what its table says now. May sleep.
     *
     * @return 0, or a negative errno: EBUSY when a partition is open, ENODEV, EIO when nothing could be read
     */
    static int scan(Task task, GenericDisk disk) {
        if (disk.layer().registry().hasOpenParts(disk)) {
            return -EBUSY;
        }
        return new PartitionScan(task, disk).scan();
    }

    private int scan() {
        List<PartitionEntry> entries = disk.sectors() == 0 ? List.of() : entries();
        List<BlockPart> parts = new ArrayList<>();
        StringBuilder line = new StringBuilder(" " + disk.name() + ":");
        for (PartitionEntry entry : checked(entries)) {
            long scale = blockBytes() >> GenericDisk.SECTOR_SHIFT;
            BlockPart part = new BlockPart(
                    disk, disk.partitions().nameOf(entry.number()), entry.number(), entry.first() * scale);
            part.setOwnSectors(entry.count() * scale);
            parts.add(part);
            line.append(' ').append(part.name().substring(disk.name().length()));
        }
        if (failed && entries.isEmpty()) {
            if (!disk.isGone()) {
                disk.layer().error(line + " unable to read partition table");
            }
            return -EIO;
        }
        int error = disk.layer().registry().replaceParts(disk, parts);
        if (error == 0 && !parts.isEmpty()) {
            disk.layer().info(line.toString());
        }
        return error;
    }

    private List<PartitionEntry> entries() {
        byte[] first = read(0, 1);
        if (first == null) {
            failed = true;
            return List.of();
        }
        List<PartitionEntry> found = GuidTable.parse(this, first);
        if (found == null) {
            found = MasterBootRecord.parse(this, first);
        }
        return found == null ? List.of() : found;
    }

    /** Without those that are not on the disk, or lie where another one does. */
    private List<PartitionEntry> checked(List<PartitionEntry> entries) {
        List<PartitionEntry> good = new ArrayList<>();
        for (PartitionEntry entry : entries) {
            String complaint = complaint(entry, good);
            if (complaint == null) {
                good.add(entry);
            } else {
                warn("p" + entry.number() + " " + complaint + ", ignored");
            }
        }
        return good;
    }

    private String complaint(PartitionEntry entry, List<PartitionEntry> good) {
        if (entry.number() > PARTITIONS_MAX) {
            return "is one too many";
        }
        if (entry.first() < 1 || entry.count() < 1) {
            return "start %d size %d makes no sense".formatted(entry.first(), entry.count());
        }
        if (entry.first() >= blocks()) {
            return "start " + entry.first() + " is beyond EOD";
        }
        if (entry.count() > blocks() - entry.first()) {
            return "size " + entry.count() + " extends beyond EOD";
        }
        for (PartitionEntry other : good) {
            if (entry.overlaps(other)) {
                return "overlaps p" + other.number();
            }
        }
        return null;
    }

    // ---- BlockReader

    @Override
    public int blockBytes() {
        return disk.limits().logicalBlockBytes();
    }

    @Override
    public long blocks() {
        return (disk.sectors() << GenericDisk.SECTOR_SHIFT) / blockBytes();
    }

    @Override
    public void warn(String message) {
        disk.layer().warn(disk.name() + ": " + message);
    }

    @Override
    public byte[] read(long block, int count) {
        if (block < 0 || count > blocks() || block > blocks() - count) {
            return null;
        }
        long frame = disk.layer().pages().allocate(0);
        if (frame < 0) {
            failed = true;
            return null;
        }
        try {
            return read(block, count * blockBytes(), frame << PhysicalMemory.FRAME_SHIFT);
        } finally {
            disk.layer().pages().put(frame);
        }
    }

    private byte[] read(long block, int bytes, long page) {
        byte[] content = new byte[bytes];
        Bio bio = disk.whole().newBio(1);
        long sector = block * (blockBytes() >> GenericDisk.SECTOR_SHIFT);
        for (int done = 0; done < bytes; ) {
            int piece = Math.min(bytes - done, PhysicalMemory.FRAME_BYTES);
            bio.reset(BlockOperation.READ, sector + (done >> GenericDisk.SECTOR_SHIFT), 0)
                    .add(page, piece);
            if (bio.submitAndWait(task) != 0) {
                failed = true;
                return null;
            }
            disk.layer().pages().memory().read(page, content, done, piece);
            done += piece;
        }
        return content;
    }
}
