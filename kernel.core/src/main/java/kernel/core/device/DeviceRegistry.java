// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import hardware.machine.bus.Bus;
import hardware.machine.bus.BusDevice;
import hardware.machine.bus.BusListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.module.KernelLog;
import kernel.core.block.BlockLayer;
import kernel.core.execution.Execution;
import kernel.core.execution.Task;
import kernel.core.module.LoadedModule;

/**
 * The devices on the bus and the drivers bound to them (Linux: drivers/base). Binding and unbinding happen one at a time, in process
 * context, under a mutex of whoever loads modules.
 */
public final class DeviceRegistry {
    private final Execution execution;
    private final CharacterDevices characterDevices;
    private final DeviceMemory memory;
    private final BlockLayer blockLayer;
    private final Function<String, KernelLog> logs;
    private final Map<String, DeviceBinding> bindings = new LinkedHashMap<>();

    /** @param logs makes the log of a device, by the prefix of its messages */
    public DeviceRegistry(
            Execution execution,
            CharacterDevices characterDevices,
            DeviceMemory memory,
            BlockLayer blockLayer,
            Function<String, KernelLog> logs) {
        this.execution = execution;
        this.characterDevices = characterDevices;
        this.memory = memory;
        this.blockLayer = blockLayer;
        this.logs = logs;
        bus().listen(new Pulled());
    }

    /** Whoever waits for a device that is pulled finds out at once; the driver is unbound by whoever loads modules. */
    private final class Pulled implements BusListener {
        @Override
        public void attached(BusDevice device) {
            // A driver is looked for elsewhere.
        }

        @Override
        public void detached(BusDevice device) {
            DeviceBinding binding = binding(device.name());
            if (binding != null && binding.busDevice() == device) {
                binding.wakeSleepers();
            }
        }
    }

    Execution execution() {
        return execution;
    }

    CharacterDevices characterDevices() {
        return characterDevices;
    }

    DeviceMemory memory() {
        return memory;
    }

    BlockLayer blockLayer() {
        return blockLayer;
    }

    KernelLog log(String prefix) {
        return logs.apply(prefix);
    }

    public Bus bus() {
        return execution.machine().bus();
    }

    /** The binding of a device, by its name on the bus; null when no driver has it. */
    public synchronized DeviceBinding binding(String deviceName) {
        return bindings.get(deviceName);
    }

    public synchronized List<DeviceBinding> bindings() {
        return List.copyOf(bindings.values());
    }

    /** The bindings of one module's drivers. */
    public synchronized List<DeviceBinding> bindings(LoadedModule module) {
        return bindings.values().stream()
                .filter(binding -> binding.module() == module)
                .toList();
    }

    /**
     * Begins to bind: what the driver gets before its probe.
     *
     * @param task in whose context the driver is initialised
     * @return null when the device has a driver or has gone (EBUSY, ENODEV)
     */
    public synchronized DeviceBinding newBinding(BusDevice device, LoadedModule module, String driver, Task task) {
        if (bindings.containsKey(device.name()) || !device.isPresent()) {
            return null;
        }
        int instance = 0;
        while (isTaken(driver, instance)) {
            instance++;
        }
        DeviceBinding binding = new DeviceBinding(this, device, module, driver, instance, task);
        bindings.put(device.name(), binding);
        return binding;
    }

    private boolean isTaken(String driver, int instance) {
        return bindings.values().stream()
                .anyMatch(other -> other.driver().equals(driver) && other.instance() == instance);
    }

    synchronized void unbound(DeviceBinding binding) {
        bindings.remove(binding.name(), binding);
    }

    /**
     * Binds a driver without a framework: constructs it, and registers it if it is a character device. Whatever the constructor throws is thrown on, after
     * everything has been rolled back. May sleep.
     *
     * @param <T> the driver's class
     */
    public <T> T bind(BusDevice device, LoadedModule module, String driver, Task task, Function<BoundDevice, T> probe) {
        DeviceBinding binding = newBinding(device, module, driver, task);
        if (binding == null) {
            throw new IllegalStateException(device.name() + " has gone or is bound already");
        }
        boolean bound = false;
        try {
            T result = probe.apply(binding);
            if (result instanceof CharacterDevice character) {
                binding.register(character);
            }
            binding.probed();
            bound = true;
            return result;
        } finally {
            if (!bound) {
                binding.release(task);
            }
        }
    }
}
