// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.BusDevice;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.api.device.BoundDevice;
import kernel.core.device.DeviceBinding;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * The devices on the bus as services, one for each. A driver's reference is satisfied by the service of the device that it is being bound
 * to; what it gets is the binding that the matcher has prepared. Thread-safe.
 */
final class DeviceServices {
    /** The service property with the device's name on the bus. */
    static final String NAME = "device.name";

    /** The service property with what the device calls itself. */
    static final String COMPATIBLE = "device.compatible";

    private final BundleContext context;
    private final Map<String, ServiceRegistration<BoundDevice>> services = new ConcurrentHashMap<>();
    private final Map<String, BusDevice> published = new ConcurrentHashMap<>();
    private final Map<String, DeviceBinding> offers = new ConcurrentHashMap<>();

    DeviceServices(BundleContext context) {
        this.context = context;
    }

    void publish(BusDevice device) {
        Dictionary<String, Object> properties =
                FrameworkUtil.asDictionary(Map.of(NAME, device.name(), COMPATIBLE, device.compatible()));
        published.put(device.name(), device);
        services.put(device.name(), context.registerService(BoundDevice.class, new Offer(device.name()), properties));
    }

    /** Whether drivers can have it: not yet when it has just been plugged in, perhaps in the place of one that has just been pulled out. */
    boolean isPublished(BusDevice device) {
        return published.get(device.name()) == device;
    }

    void withdraw(String name) {
        published.remove(name);
        ServiceRegistration<BoundDevice> registration = services.remove(name);
        if (registration != null) {
            registration.unregister();
        }
    }

    /** The machine is switched off: its devices are not there any more, and whoever looks for one of that name must not find them. */
    void withdrawAll() {
        List.copyOf(services.keySet()).forEach(this::withdraw);
    }

    /** From now on whoever asks for the device gets this binding. */
    void offer(DeviceBinding binding) {
        offers.put(binding.name(), binding);
    }

    void endOffer(DeviceBinding binding) {
        offers.remove(binding.name(), binding);
    }

    /** Hands out the prepared binding; null, which the framework reports, to anybody who asks without being bound. */
    private final class Offer implements PrototypeServiceFactory<BoundDevice> {
        private final String name;

        Offer(String name) {
            this.name = name;
        }

        @Override
        public BoundDevice getService(Bundle bundle, ServiceRegistration<BoundDevice> registration) {
            DeviceBinding binding = offers.get(name);
            return binding != null && binding.module().name().equals(ModuleFile.moduleName(bundle)) ? binding : null;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<BoundDevice> registration, BoundDevice service) {
            // The matcher releases the binding, in process context and in the right order.
        }
    }
}
