// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.DeviceModelFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook;

/**
 * Keeps services from bundles that must not have them: no driver gets at a device model past its registers or at the kernel past
 * its interfaces, no user program at anything but other programs.
 */
final class ServiceGuard implements FindHook, EventListenerHook {
    @Override
    public void find(
            BundleContext context,
            String name,
            String filter,
            boolean allServices,
            Collection<ServiceReference<?>> references) {
        Ring ring = Ring.of(context.getBundle());
        if (ring != Ring.KERNEL) {
            references.removeIf(reference -> !maySee(ring, reference));
        }
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerHook.ListenerInfo>> listeners) {
        listeners.keySet().removeIf(context -> !maySee(Ring.of(context.getBundle()), event.getServiceReference()));
    }

    private static boolean maySee(Ring ring, ServiceReference<?> reference) {
        if (ring == Ring.KERNEL
                || reference.getBundle() == null
                || reference.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            return true;
        }
        List<String> types = List.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
        Ring publisher = Ring.of(reference.getBundle());
        // Whatever it may not import it has no use for but reflection.
        return ring.maySee(publisher)
                && !types.contains(DeviceModelFactory.class.getName())
                && types.stream().allMatch(type -> ring.mayImport(packageOf(type), publisher));
    }

    private static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }
}
