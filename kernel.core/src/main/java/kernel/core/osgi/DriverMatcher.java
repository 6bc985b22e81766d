// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.BusDevice;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.api.device.CharacterDevice;
import kernel.api.device.DeviceDriver;
import kernel.core.device.DeviceBinding;
import kernel.core.device.DeviceRegistry;
import kernel.core.execution.Halt;
import kernel.core.execution.Task;
import kernel.core.module.LoadedModule;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Brings devices and drivers together (Linux: drivers/base/dd.c). A driver is a component factory; each device that matches gets an
 * instance of its own. Process context, under the mutex of whoever loads modules.
 */
final class DriverMatcher {
    private static final String FACTORIES = "(component.factory=" + DeviceDriver.FACTORY + ")";
    private static final String DRIVER_NAME = DeviceDriver.PREFIX_ + "name";
    private static final String DRIVER_COMPATIBLE = DeviceDriver.PREFIX_ + "compatible";

    private final BundleContext context;
    private final DeviceRegistry registry;
    private final DeviceServices services;
    private final FailureLog failures;
    private final Map<String, ComponentInstance<?>> instances = new ConcurrentHashMap<>();

    DriverMatcher(BundleContext context, DeviceRegistry registry, DeviceServices services, FailureLog failures) {
        this.context = context;
        this.registry = registry;
        this.services = services;
        this.failures = failures;
    }

    /**
     * Lets the drivers of a module take a device.
     *
     * @return whether one did
     * @throws ProbeFailure one should have, and failed; nothing of it is left
     */
    boolean bind(Task task, LoadedModule module, Bundle bundle, BusDevice device) throws ProbeFailure {
        if (registry.binding(device.name()) != null || !services.isPublished(device)) {
            return false;
        }
        for (Driver driver : drivers(bundle, module.name())) {
            if (driver.compatible.contains(device.compatible())) {
                probe(task, module, driver, device);
                return true;
            }
        }
        return false;
    }

    /** A driver of a module: its factory, and what its annotation says. */
    private record Driver(ServiceReference<ComponentFactory<?>> factory, String name, List<String> compatible) {}

    /** The annotation's properties are not on the factory's service; the component runtime knows them. */
    private List<Driver> drivers(Bundle bundle, String moduleName) {
        List<Driver> drivers = new ArrayList<>();
        ServiceReference<ServiceComponentRuntime> runtime = context.getServiceReference(ServiceComponentRuntime.class);
        if (runtime == null) {
            return drivers;
        }
        for (ServiceReference<ComponentFactory<?>> factory : factories(bundle)) {
            ComponentDescriptionDTO description = context.getService(runtime)
                    .getComponentDescriptionDTO(
                            bundle, (String) factory.getProperty(ComponentConstants.COMPONENT_NAME));
            if (description != null) {
                Object name = description.properties.get(DRIVER_NAME);
                drivers.add(new Driver(
                        factory,
                        name == null ? moduleName : name.toString(),
                        strings(description.properties.get(DRIVER_COMPATIBLE))));
            }
        }
        context.ungetService(runtime);
        return drivers;
    }

    private List<ServiceReference<ComponentFactory<?>>> factories(Bundle bundle) {
        try {
            @SuppressWarnings({"unchecked", "rawtypes"})
            List<ServiceReference<ComponentFactory<?>>> all =
                    new ArrayList<>((List) context.getServiceReferences(ComponentFactory.class, FACTORIES));
            all.removeIf(reference -> reference.getBundle() != bundle);
            return all;
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> strings(Object property) {
        return switch (property) {
            case String one -> List.of(one);
            case String[] several -> Arrays.asList(several);
            case null, default -> List.of();
        };
    }

    private void probe(Task task, LoadedModule module, Driver driver, BusDevice device) throws ProbeFailure {
        DeviceBinding binding = registry.newBinding(device, module, driver.name, task);
        if (binding == null) {
            return;
        }
        ComponentInstance<?> instance = null;
        boolean bound = false;
        services.offer(binding);
        try {
            instance = activate(driver, module, device);
            instances.put(device.name(), instance);
            publish(binding, driver.factory.getBundle());
            binding.probed();
            bound = true;
        } finally {
            services.endOffer(binding);
            if (!bound) {
                undo(task, binding);
            }
        }
    }

    private ComponentInstance<?> activate(Driver driver, LoadedModule module, BusDevice device) throws ProbeFailure {
        ComponentFactory<?> factory = context.getService(driver.factory);
        if (factory == null) {
            throw ProbeFailure.of(driver.name, device.name(), null);
        }
        try {
            FailureLog.Outcome<ComponentInstance<?>> outcome =
                    failures.watch(() -> factory.newInstance(properties(module, device)));
            Throwable cause = unwrap(outcome.failure());
            if (cause instanceof Halt halt) {
                throw halt;
            }
            if (outcome.result() == null) {
                throw ProbeFailure.of(driver.name, device.name(), cause);
            }
            return outcome.result();
        } finally {
            context.ungetService(driver.factory);
        }
    }

    private static Throwable unwrap(Throwable thrown) {
        return thrown instanceof InvocationTargetException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** A component property type reads {@code conversion_us()} from {@code conversion.us}; a map is asked for the parameter's own name. */
    private static Dictionary<String, Object> properties(LoadedModule module, BusDevice device) {
        Map<String, Object> properties = new LinkedHashMap<>();
        module.parameters().forEach((name, value) -> {
            properties.put(name, value);
            properties.put(name.replace('_', '.'), value);
        });
        properties.put("device.target", "(" + DeviceServices.NAME + "=" + device.name() + ")");
        properties.put(DeviceServices.NAME, device.name());
        properties.put(DeviceServices.COMPATIBLE, device.compatible());
        return FrameworkUtil.asDictionary(properties);
    }

    /** What the driver publishes becomes devices that programs can open. */
    private void publish(DeviceBinding binding, Bundle bundle) throws ProbeFailure {
        try {
            String filter = "(" + DeviceServices.NAME + "=" + binding.name() + ")";
            for (ServiceReference<CharacterDevice> reference :
                    context.getServiceReferences(CharacterDevice.class, filter)) {
                if (reference.getBundle() == bundle) {
                    CharacterDevice device = context.getService(reference);
                    if (device != null) {
                        binding.register(device);
                    }
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        } catch (RuntimeException e) {
            throw ProbeFailure.of(binding.driver(), binding.name(), e);
        }
    }

    /** Parts device and driver: revokes the open files, lets the driver say farewell, takes back what it acquired. May sleep. */
    void unbind(Task task, DeviceBinding binding) {
        binding.revoke(task);
        undo(task, binding);
    }

    private void undo(Task task, DeviceBinding binding) {
        ComponentInstance<?> instance = instances.remove(binding.name());
        if (instance != null) {
            instance.dispose();
        }
        binding.release(task);
    }
}
