// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kernel.api.block.BlockDevice;
import kernel.api.block.DiskLimits;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import kernel.core.fs.ProcTable;
import kernel.core.fs.SysTable;
import kernel.core.memory.PageAllocator;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import kernel.core.module.ModuleTable;

/** A block layer on a bare machine, with a driver's device that comes and goes as a test says. */
final class BlockLab implements BlockOwner, AutoCloseable {
    static final long SECOND = 1_000_000_000L;

    final Lab lab;
    final PageAllocator pages;
    final SysTable sys = new SysTable();
    final ProcTable proc = new ProcTable();
    final BlockLayer layer;
    final DriverDisks services;
    final LoadedModule module;
    final List<String> log = new ArrayList<>();

    private final List<RamDisk> disks = new ArrayList<>();
    private final Deque<Consumer<Task>> acquired = new ArrayDeque<>();

    BlockLab(Lab lab) {
        this.lab = lab;
        pages = new PageAllocator(lab.machine().memory());
        layer = new BlockLayer(lab.execution(), pages, (level, message) -> log.add(message), lab, sys);
        layer.enter(proc);
        services = layer.newDriverDisks(this);
        ModuleTable modules = new ModuleTable();
        module = modules.add(
                new ModuleInfo("ram", "ram.jar", 1, "", "Apache-2.0", List.of(), List.of(), List.of()), Map.of());
        modules.live(module);
    }

    /** Limits of a simple disk; the tests change what they are about. */
    static DiskLimits limits() {
        return new DiskLimits(512, 512, 1 << 20, 128, 1, 1L << 20, 512, 1L << 20, false, false, false);
    }

    static DiskLimits withWriteCache(boolean fua) {
        return new DiskLimits(512, 512, 1 << 20, 128, 1, 1L << 20, 512, 1L << 20, true, fua, false);
    }

    RamDisk newDisk(int queues, long sectors) {
        RamDisk disk = new RamDisk(lab.execution(), queues, sectors);
        disks.add(disk);
        return disk;
    }

    /** Adds a disk with a tag set of its own; the driver's log begins after its partitions have been looked for. */
    GenericDisk add(ProcessContext context, RamDisk driver, int queues, int depth, String name, DiskLimits limits) {
        GenericDisk disk = (GenericDisk) services.addDisk(
                context,
                services.newTagSet(driver, queues, depth, SECOND),
                name,
                driver.content().length >> 9,
                limits,
                driver);
        driver.log.clear();
        return disk;
    }

    /** The node of that name. */
    BlockPart part(String name) {
        return layer.registry().parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    BlockHandle open(ProcessContext context, String name) {
        return layer.openExclusively(context, part(name).device(), false, "test");
    }

    BlockDevice device(String name) {
        return part(name);
    }

    /** A physical address with that many bytes behind it. */
    long memory(int bytes) {
        int order = 0;
        while (4096L << order < bytes) {
            order++;
        }
        long frame = pages.allocate(order);
        assertThat(frame).isNotNegative();
        return frame << 12;
    }

    /** The driver goes, as after rmmod or a device that was pulled. */
    void leave(Task task) {
        services.revoke(task);
        disks.forEach(disk -> disk.stop(task));
        while (!acquired.isEmpty()) {
            acquired.removeLast().accept(task);
        }
    }

    @Override
    public LoadedModule module() {
        return module;
    }

    @Override
    public String driver() {
        return "ram";
    }

    @Override
    public void onRelease(Object what, Consumer<Task> release) {
        acquired.addLast(release);
    }

    @Override
    public void close() {
        lab.close();
    }
}
