// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENXIO;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import kernel.core.execution.Task;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.DeviceNumbers;
import kernel.core.module.LoadedModule;
import kernel.uapi.FileMode;

/**
 * The disks and partitions there are, by name and number (Linux: block/genhd.c, block/bdev.c). All have the major number of extended block devices and the
 * lowest free minor number.
 */
public final class BlockRegistry {
    /** Linux: BLOCK_EXT_MAJOR. */
    public static final int MAJOR = 259;

    private static final String MAJOR_NAME = "blkext";
    private static final int PERMISSIONS = 0660;

    private final BlockLayer layer;
    private final Map<String, GenericDisk> disks = new LinkedHashMap<>();
    private final TreeMap<Integer, BlockPart> byMinor = new TreeMap<>();
    private final BitSet minors = new BitSet();
    private final Map<String, BitSet> numbers = new TreeMap<>();
    private final List<DeviceNumbers.Listener> listeners = new ArrayList<>();

    BlockRegistry(BlockLayer layer) {
        this.layer = layer;
    }

    // ---- numbers of names

    /** The lowest number that is free for that stem. */
    synchronized int takeNumber(String stem) {
        BitSet taken = numbers.computeIfAbsent(stem, key -> new BitSet());
        int number = taken.nextClearBit(0);
        while (disks.containsKey(stem + number)) {
            number = taken.nextClearBit(number + 1);
        }
        taken.set(number);
        return number;
    }

    synchronized void giveNumber(String stem, int number) {
        numbers.get(stem).clear(number);
    }

    // ---- coming and going

    /** Enters a disk whose requests are served already. Returns 0, or -EBUSY when its name is taken. */
    int add(GenericDisk disk) {
        synchronized (this) {
            if (disks.putIfAbsent(disk.name(), disk) != null) {
                return -EBUSY;
            }
            for (DiskQueue queue : disk.queues()) {
                queue.queue().add(queue);
            }
            enter(disk.whole());
        }
        layer.attributes().enter(disk);
        return 0;
    }

    /** Gives a disk or partition its number and its node. */
    private synchronized void enter(BlockPart part) {
        int minor = minors.nextClearBit(0);
        minors.set(minor);
        part.setMinor(minor);
        byMinor.put(minor, part);
        listeners.forEach(listener -> listener.added(node(part)));
    }

    /** Its number stays taken for as long as it is open. */
    private synchronized void leave(BlockPart part) {
        part.markRemoved();
        if (byMinor.remove(part.minor(), part)) {
            listeners.forEach(listener -> listener.removed(node(part)));
            if (part.openers().count() == 0) {
                minors.clear(part.minor());
            }
        }
    }

    private static DeviceNode node(BlockPart part) {
        return new DeviceNode(part.name(), FileMode.S_IFBLK | PERMISSIONS, part.device());
    }

    /** Takes a disk out. Once; again it does nothing. May sleep. */
    void remove(Task task, GenericDisk disk) {
        synchronized (this) {
            if (!disks.remove(disk.name(), disk)) {
                return;
            }
        }
        layer.attributes().leave(disk);
        // First nobody finds it any more, then nobody gets in, then whoever waits is told.
        List<BlockPart> all = disk.partitions().all();
        all.reversed().forEach(this::leave);
        disk.markGone(task);
        synchronized (this) {
            all.forEach(part -> part.openers().letModulesGo());
        }
    }

    /** After nothing of the disk waits any more. */
    void forget(GenericDisk disk) {
        for (DiskQueue queue : disk.queues()) {
            queue.queue().remove(queue);
        }
        disk.forgetDriver();
    }

    /**
     * Replaces the partitions of a disk.
     *
     * @return 0, or -EBUSY when one of the old ones is open
     */
    int replaceParts(GenericDisk disk, List<BlockPart> fresh) {
        List<BlockPart> old;
        synchronized (this) {
            old = disk.partitions().parts();
            for (BlockPart part : old) {
                if (part.openers().count() > 0) {
                    return -EBUSY;
                }
            }
            if (disks.get(disk.name()) != disk) {
                return -ENODEV;
            }
            old.reversed().forEach(this::leave);
            disk.partitions().setParts(fresh);
            fresh.forEach(this::enter);
        }
        old.forEach(layer.attributes()::leave);
        fresh.forEach(layer.attributes()::enter);
        return 0;
    }

    /** Whether partitions can be replaced now. */
    synchronized boolean hasOpenParts(GenericDisk disk) {
        return disk.partitions().parts().stream()
                .anyMatch(part -> part.openers().count() > 0);
    }

    // ---- opening and closing

    /** The disk or partition with that number, or null. */
    synchronized BlockPart part(long number) {
        return FileMode.major(number) == MAJOR ? byMinor.get(FileMode.minor(number)) : null;
    }

    /** May sleep. 0, or a negative errno: ENXIO, ENODEV, EBUSY, EROFS. */
    int open(Task task, BlockHandle handle, boolean write, boolean exclusive) {
        BlockPart part = handle.part();
        part.openLock().lock(task);
        try {
            synchronized (this) {
                return byMinor.get(part.minor()) == part ? part.openers().open(handle, write, exclusive) : -ENXIO;
            }
        } finally {
            part.openLock().unlock(task);
        }
    }

    /** May sleep. */
    void close(Task task, BlockHandle handle) {
        BlockPart part = handle.part();
        part.openLock().lock(task);
        try {
            boolean last;
            synchronized (this) {
                last = part.openers().count() == 1;
            }
            if (last) {
                part.dropBuffered(task);
            }
            synchronized (this) {
                part.openers().close(handle);
                if (last && byMinor.get(part.minor()) != part) {
                    minors.clear(part.minor());
                }
            }
        } finally {
            part.openLock().unlock(task);
        }
    }

    /** Users of a module's disks that are no open files of processes, such as mounts. */
    synchronized List<String> kernelHolders(LoadedModule module) {
        List<String> holders = new ArrayList<>();
        for (BlockPart part : byMinor.values()) {
            for (BlockHandle handle : part.openers().handles()) {
                if (handle.isOfKernel() && handle.module() == module) {
                    holders.add(handle.user() + " /dev/" + part.name());
                }
            }
        }
        return holders;
    }

    // ---- for /dev and /proc

    /** As {@link DeviceNumbers#listen}. */
    public synchronized void listen(DeviceNumbers.Listener listener) {
        listeners.add(listener);
        nodes().forEach(listener::added);
    }

    public synchronized List<DeviceNode> nodes() {
        return byMinor.values().stream().map(BlockRegistry::node).toList();
    }

    /** The disks and their partitions, in the order of their numbers. */
    synchronized List<BlockPart> parts() {
        return List.copyOf(byMinor.values());
    }

    /** The second half of /proc/devices. */
    public String procDevices() {
        return "Block devices:\n" + MAJOR + " " + MAJOR_NAME + "\n";
    }

    /** The text of /proc/partitions. */
    String procPartitions() {
        StringBuilder text = new StringBuilder("major minor  #blocks  name\n\n");
        for (BlockPart part : parts()) {
            text.append("%4d  %7d %10d %s\n".formatted(MAJOR, part.minor(), part.sectors() >> 1, part.name()));
        }
        return text.toString();
    }

    /** The text of /proc/diskstats. */
    String procDiskstats() {
        StringBuilder text = new StringBuilder();
        for (BlockPart part : parts()) {
            text.append("%4d %7d %s ".formatted(MAJOR, part.minor(), part.name()))
                    .append(part.statistics().text(" "))
                    .append('\n');
        }
        return text.toString();
    }

    /** The names of the disks, sorted. */
    synchronized List<String> diskNames() {
        return List.copyOf(new TreeSet<>(disks.keySet()));
    }

    /** The disk of that name, or null. */
    synchronized GenericDisk disk(String name) {
        return disks.get(name);
    }

    /** Whether a node can have that name. */
    static boolean isName(String name) {
        return !name.isEmpty() && name.indexOf('/') < 0 && name.indexOf(0) < 0 && !name.startsWith(".");
    }
}
