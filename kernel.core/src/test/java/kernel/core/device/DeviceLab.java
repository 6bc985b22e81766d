// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import kernel.api.context.ProcessContext;
import kernel.api.device.CharacterDevice;
import kernel.api.file.OpenFile;
import kernel.api.file.UserBuffer;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.api.module.KernelLog;
import kernel.core.block.BlockLayer;
import kernel.core.execution.Doorbell;
import kernel.core.execution.Lab;
import kernel.core.fs.SysTable;
import kernel.core.memory.PageAllocator;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;
import kernel.core.module.ModuleTable;

/** A machine with doorbells on its bus, and the tables that bind drivers to them. */
final class DeviceLab implements DeviceMemory, AutoCloseable {
    final Lab lab;
    final CharacterDevices characters = new CharacterDevices();
    final ModuleTable modules = new ModuleTable();
    final DeviceRegistry registry;
    /** What happened, in order. */
    final List<String> log = new ArrayList<>();

    /** Called before memory is freed. */
    Runnable onFree = () -> {};

    private final List<KernelMemory> allocated = new ArrayList<>();

    DeviceLab(Lab lab) {
        this.lab = lab;
        registry = new DeviceRegistry(lab.execution(), characters, this, blocks(lab), prefix -> new Silence());
    }

    private static BlockLayer blocks(Lab lab) {
        PageAllocator pages = new PageAllocator(lab.machine().memory());
        return new BlockLayer(lab.execution(), pages, (level, message) -> {}, lab, new SysTable());
    }

    LoadedModule module(String name) {
        LoadedModule loaded = modules.get(name);
        if (loaded != null) {
            return loaded;
        }
        ModuleInfo info = new ModuleInfo(name, name + ".jar", 1, "", "Apache-2.0", List.of(), List.of(), List.of());
        LoadedModule fresh = modules.add(info, Map.of());
        modules.live(fresh);
        return fresh;
    }

    BusDevice plug() {
        return lab.plug(new Doorbell(Trigger.LEVEL));
    }

    int allocations() {
        return allocated.size();
    }

    @Override
    public void close() {
        lab.close();
    }

    // ---- memory

    @Override
    public KernelMemory allocate(String owner, long sizeBytes, Gfp flags) {
        KernelMemory memory = new Piece(sizeBytes);
        allocated.add(memory);
        log.add("allocated " + sizeBytes);
        return memory;
    }

    @Override
    public KernelMemory allocatePages(String owner, long sizeBytes) {
        return allocate(owner, sizeBytes, Gfp.KERNEL);
    }

    @Override
    public void free(String owner, KernelMemory memory) {
        onFree.run();
        if (!allocated.remove(memory)) {
            throw new IllegalStateException("double free");
        }
        log.add("freed " + memory.sizeBytes());
    }

    @Override
    public void freeIfOwned(String owner, KernelMemory memory) {
        if (allocated.contains(memory)) {
            free(owner, memory);
        }
    }

    private static final class Piece implements KernelMemory {
        private final long sizeBytes;

        Piece(long sizeBytes) {
            this.sizeBytes = sizeBytes;
        }

        @Override
        public long address() {
            return 0;
        }

        @Override
        public long physicalAddress() {
            return 0;
        }

        @Override
        public long sizeBytes() {
            return sizeBytes;
        }

        @Override
        public MemorySegment segment() {
            throw new UnsupportedOperationException("there is nothing in it");
        }
    }

    private static final class Silence implements KernelLog {
        @Override
        public void error(String message) {}

        @Override
        public void warn(String message) {}

        @Override
        public void notice(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void debug(String message) {}
    }

    /** A character device whose operations a test gives, and which writes down who opened and released it. */
    static final class ScriptedDevice implements CharacterDevice {
        private final String driver;
        private final int minor;
        private final List<String> log;
        BiConsumer<ProcessContext, OpenFile> onOpen = (context, file) -> {};
        BiConsumer<ProcessContext, OpenFile> onRead = (context, file) -> {};
        BiConsumer<ProcessContext, OpenFile> onRelease = (context, file) -> {};
        int openAnswer;

        ScriptedDevice(String driver, int minor, List<String> log) {
            this.driver = driver;
            this.minor = minor;
            this.log = log;
        }

        @Override
        public String driverName() {
            return driver;
        }

        @Override
        public int minor() {
            return minor;
        }

        @Override
        public int open(ProcessContext context, OpenFile file) {
            onOpen.accept(context, file);
            log.add("open " + file.path());
            return openAnswer;
        }

        @Override
        public long read(ProcessContext context, OpenFile file, UserBuffer buffer, long position) {
            onRead.accept(context, file);
            return 1;
        }

        @Override
        public void release(ProcessContext context, OpenFile file) {
            log.add("release " + file.path());
            onRelease.accept(context, file);
        }
    }
}
