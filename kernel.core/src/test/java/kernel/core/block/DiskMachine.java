// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine.Trigger;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kernel.api.block.DiskLimits;
import kernel.core.KernelConfig;
import kernel.core.execution.Doorbell;
import kernel.core.fixture.Booted;
import kernel.core.fixture.User;
import kernel.core.module.LoadedModule;
import kernel.core.module.ModuleInfo;

/** A kernel with disks in memory, and programs that use them. */
public final class DiskMachine implements AutoCloseable {
    final Booted booted;
    private final LoadedModule module;

    public DiskMachine() {
        this(KernelConfig.deterministic(1));
    }

    DiskMachine(KernelConfig config) {
        booted = new Booted(config);
        ModuleInfo info = new ModuleInfo("ram", "ram.jar", 1, "", "Apache-2.0", List.of(), List.of(), List.of());
        module = booted.kernel().modules().add(info, Map.of());
        booted.kernel().modules().live(module);
    }

    LoadedModule module() {
        return module;
    }

    RamDisk newDisk(int queues, long sectors) {
        return new RamDisk(booted.kernel().execution(), queues, sectors);
    }

    /** Plugs a device in whose driver adds one disk. */
    BusDevice add(RamDisk driver, String name, int queues, int depth, DiskLimits limits) {
        BusDevice device = booted.kernel().machine().bus().attach(new Doorbell(Trigger.LEVEL));
        booted.kernel()
                .call(
                        "insmod",
                        context -> booted.kernel()
                                .devices()
                                .bind(
                                        device,
                                        module,
                                        "ram",
                                        (kernel.core.execution.Task) context,
                                        bound -> bound.block()
                                                .addDisk(
                                                        context,
                                                        bound.block().newTagSet(driver, queues, depth, BlockLab.SECOND),
                                                        name,
                                                        driver.content().length >> 9,
                                                        limits,
                                                        driver)));
        return device;
    }

    /** The driver lets go of a device. */
    void unbind(BusDevice device, RamDisk driver) {
        booted.kernel().call("rmmod", context -> {
            kernel.core.execution.Task task = (kernel.core.execution.Task) context;
            kernel.core.device.DeviceBinding binding = booted.kernel().devices().binding(device.name());
            binding.revoke(task);
            driver.stop(task);
            binding.release(task);
            return null;
        });
    }

    void run(Consumer<User> program) {
        booted.run(program);
    }

    @Override
    public void close() {
        booted.close();
    }
}
