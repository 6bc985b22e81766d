// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.BusDevice;
import hardware.machine.bus.DeviceModelFactory;
import hardware.machine.interrupt.InterruptLine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.Kernel;
import kernel.core.control.FaultControl;
import kernel.core.control.HardwareControl;
import kernel.core.device.DeviceBinding;

/** The hardware for tools; on any thread. */
final class Hardware implements HardwareControl {
    private final Kernel kernel;
    private final Map<String, DeviceModelFactory> factories;
    private final HotPlug hotPlug;
    private final Map<BusDevice, DeviceModelFactory> makers = new ConcurrentHashMap<>();

    /** @param factories by type; thread-safe, others change it */
    Hardware(Kernel kernel, Map<String, DeviceModelFactory> factories, HotPlug hotPlug) {
        this.kernel = kernel;
        this.factories = factories;
        this.hotPlug = hotPlug;
    }

    @Override
    public Map<String, Map<String, String>> types() {
        Map<String, Map<String, String>> types = new TreeMap<>();
        factories.forEach((type, factory) -> types.put(type, factory.parameters()));
        return types;
    }

    @Override
    public String plug(String type, Map<String, String> parameters) {
        DeviceModelFactory factory = factories.get(type);
        if (factory == null) {
            throw new IllegalArgumentException("nobody makes a '" + type + "'; there are: "
                    + String.join(", ", new TreeMap<>(factories).keySet()));
        }
        BusDevice device = kernel.machine().bus().attach(factory.create(parameters));
        makers.put(device, factory);
        if (factories.get(type) != factory) {
            unplugAll(factory);
        }
        return device.name();
    }

    @Override
    public boolean unplug(String device) {
        boolean wasThere = kernel.machine().bus().detach(device);
        makers.keySet().removeIf(made -> !made.isPresent());
        return wasThere;
    }

    /** The code of these devices is about to go: they go before it, the newest first. */
    void unplugAll(DeviceModelFactory factory) {
        for (BusDevice device : kernel.machine().bus().devices().reversed()) {
            if (makers.get(device) == factory) {
                unplug(device.name());
            }
        }
    }

    @Override
    public boolean isSettled() {
        return hotPlug.isSettled();
    }

    @Override
    public List<String> breakableDevices() {
        return kernel.machine().bus().devices().stream()
                .filter(device -> device.faultInjection() != null)
                .map(BusDevice::name)
                .toList();
    }

    @Override
    public FaultControl faults(String name) {
        BusDevice device = kernel.machine().bus().device(name);
        if (device == null) {
            throw new IllegalArgumentException("there is no device '" + name + "' on the bus");
        }
        if (device.faultInjection() == null) {
            throw new IllegalArgumentException("'" + name + "' cannot be broken on demand");
        }
        return new DeviceFaults(device.faultInjection());
    }

    @Override
    public List<DeviceState> devices() {
        return kernel.machine().bus().devices().stream().map(this::state).toList();
    }

    private DeviceState state(BusDevice device) {
        DeviceBinding binding = kernel.devices().binding(device.name());
        return new DeviceState(
                device.name(),
                device.compatible(),
                device.baseAddress(),
                device.windowBytes(),
                device.interruptLines().stream().map(InterruptLine::number).toList(),
                binding == null ? "" : binding.driver(),
                binding == null ? "" : binding.module().name(),
                binding == null
                        ? List.of()
                        : binding.registrations().stream()
                                .map(registration -> registration.node().name())
                                .toList());
    }
}
