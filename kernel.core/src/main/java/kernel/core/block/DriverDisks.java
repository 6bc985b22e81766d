// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import kernel.api.block.BlockDriver;
import kernel.api.block.BlockServices;
import kernel.api.block.Disk;
import kernel.api.block.DiskLimits;
import kernel.api.block.TagSet;
import kernel.api.context.ProcessContext;
import kernel.api.device.ProbeException;
import kernel.core.execution.Task;

/** The disks and tag sets of one driver's device. */
public final class DriverDisks implements BlockServices {
    private static final int QUEUES_MAX = 64;
    private static final int DEPTH_MAX = 1024;

    private final BlockLayer layer;
    private final BlockOwner owner;
    private final List<GenericDisk> disks = new ArrayList<>();

    DriverDisks(BlockLayer layer, BlockOwner owner) {
        this.layer = layer;
        this.owner = owner;
    }

    @Override
    public TagSet newTagSet(BlockDriver driver, int queues, int depth, long timeoutNanos) {
        if (queues < 1 || queues > QUEUES_MAX || depth < 1 || depth > DEPTH_MAX || timeoutNanos <= 0) {
            throw new ProbeException(
                    EINVAL, "%d queues of %d requests, timeout %d ns".formatted(queues, depth, timeoutNanos));
        }
        BlockTagSet tagSet = new BlockTagSet(layer, driver, queues, depth, timeoutNanos);
        owner.onRelease(tagSet, task -> close(task, tagSet));
        return tagSet;
    }

    private void close(Task task, BlockTagSet tagSet) {
        List<GenericDisk> served = disksOf(tagSet);
        served.forEach(disk -> disk.remove(task));
        int left = tagSet.close(task);
        if (left > 0) {
            layer.warn(
                    "%s: %d requests were in flight when the driver left; they failed".formatted(owner.driver(), left));
        }
        served.forEach(layer.registry()::forget);
    }

    private synchronized List<GenericDisk> disksOf(BlockTagSet tagSet) {
        return disks.stream().filter(disk -> disk.tagSet() == tagSet).toList();
    }

    @Override
    public Disk addDisk(
            ProcessContext context, TagSet tags, String name, long sectors, DiskLimits limits, Object driverData) {
        String complaint = QueueLimits.complaint(limits);
        if (complaint != null || sectors < 0 || !BlockRegistry.isName(name)) {
            throw new ProbeException(
                    EINVAL, "disk \"" + name + "\" " + (complaint == null ? "of " + sectors + " sectors" : complaint));
        }
        GenericDisk disk = new GenericDisk(layer, owner, (BlockTagSet) tags, name, sectors, limits, driverData);
        if (layer.registry().add(disk) != 0) {
            throw new ProbeException(EBUSY, "disk " + name);
        }
        synchronized (this) {
            disks.add(disk);
        }
        // A table that cannot be read is a disk without partitions; the log says so.
        int _ = PartitionScan.scan((Task) context, disk);
        return disk;
    }

    @Override
    public int takeNumber(String stem) {
        int number = layer.registry().takeNumber(stem);
        owner.onRelease(stem + number, task -> layer.registry().giveNumber(stem, number));
        return number;
    }

    /** The device is going: its disks vanish, nobody enters the driver for them any more, and calls of its ioctl have left. May sleep. */
    public void revoke(Task task) {
        List<GenericDisk> all;
        synchronized (this) {
            all = List.copyOf(disks);
        }
        all.forEach(disk -> disk.remove(task));
        all.forEach(disk -> disk.closeDriver(task));
    }
}
