// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.BusDevice;
import hardware.machine.bus.DeviceModelFactory;
import hardware.machine.interrupt.InterruptLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.core.Kernel;
import kernel.core.control.BootParameters.DeviceSpecification;
import kernel.core.control.FaultControl;
import kernel.core.control.HardwareControl;
import kernel.core.device.DeviceBinding;
import kernel.core.log.LogLevel;

/** The hardware for tools; on any thread. */
final class Hardware implements HardwareControl {
    private final Kernel kernel;
    private final Map<String, DeviceModelFactory> factories;
    private final HotPlug hotPlug;
    // Guarded by itself.
    private final List<DeviceSpecification> toPlug;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Map<BusDevice, DeviceModelFactory> makers = new ConcurrentHashMap<>();

    /**
     * Of a kernel.
     *
     * @param factories by type; thread-safe, others change it
     * @param wanted what is to be there at boot
     */
    Hardware(
            Kernel kernel,
            Map<String, DeviceModelFactory> factories,
            HotPlug hotPlug,
            List<DeviceSpecification> wanted) {
        toPlug = new ArrayList<>(wanted);
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
            throw new IllegalArgumentException(unknown(type));
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

    /** Somebody makes devices of that type now: those that were to be there at boot are plugged in. */
    void plugAtBoot(String type) {
        List<DeviceSpecification> now;
        synchronized (toPlug) {
            now = toPlug.stream().filter(wanted -> wanted.type().equals(type)).toList();
            toPlug.removeAll(now);
        }
        for (DeviceSpecification wanted : now) {
            try {
                plug(type, wanted.parameters());
            } catch (IllegalArgumentException | IllegalStateException e) {
                failures.add("devices: " + type + " cannot be plugged in: " + e.getMessage());
                kernel.log().print(LogLevel.ERR, "bus: " + type + " cannot be plugged in: " + e.getMessage());
            }
        }
    }

    @Override
    public List<String> missing() {
        List<String> missing = new ArrayList<>(failures);
        synchronized (toPlug) {
            toPlug.forEach(wanted -> missing.add("devices: " + unknown(wanted.type())));
        }
        return missing;
    }

    private String unknown(String type) {
        return "nobody makes a '" + type + "'; there are: " + String.join(", ", new TreeMap<>(factories).keySet());
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
