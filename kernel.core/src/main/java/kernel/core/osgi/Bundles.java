// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import hardware.machine.bus.DeviceModelFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import kernel.api.module.KernelModule;
import kernel.core.control.BundleControl;
import kernel.uapi.Executable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Makers of devices and bundles of programs for tools. Keeps no list of its own: the framework knows what is installed. */
final class Bundles implements BundleControl {
    private final BundleContext context;

    Bundles(BundleContext context) {
        this.context = context;
    }

    @Override
    public synchronized BundleDescription add(String file) {
        Path path = Path.of(file).toAbsolutePath();
        check(path);
        String location = path.toUri().toString();
        if (context.getBundle(location) != null) {
            throw new IllegalArgumentException(file + ": is there already");
        }
        Bundle bundle = install(path, location);
        boolean complete = false;
        try {
            start(path, bundle);
            BundleDescription description = describe(bundle);
            if (description.devices().isEmpty() && description.programs().isEmpty()) {
                throw new IllegalArgumentException(path
                        + ": neither makes devices (a service DeviceModelFactory) nor brings programs (a service Executable"
                        + " with the property " + Executable.PATH + "); dmesg may say why");
            }
            complete = true;
            return description;
        } finally {
            if (!complete) {
                uninstall(bundle);
            }
        }
    }

    private static void check(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException(path + ": no such file");
        }
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
            if (attributes.getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
                throw new IllegalArgumentException(
                        path + ": a jar, but no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
            }
            if (attributes.getValue(KernelModule.HEADER) != null) {
                throw new IllegalArgumentException(path + ": a module: insmod loads it");
            }
            if (attributes.getValue(Constants.FRAGMENT_HOST) != null) {
                throw new IllegalArgumentException(path + ": a fragment, which cannot be started");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": not a jar: " + e.getMessage(), e);
        }
    }

    /** From a copy: the file may be compiled anew meanwhile. */
    private Bundle install(Path path, String location) {
        try (InputStream in = Files.newInputStream(path)) {
            return context.installBundle(location, in);
        } catch (IOException | BundleException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private static void start(Path path, Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            boolean ownFault = e.getType() == BundleException.ACTIVATOR_ERROR && e.getCause() != null;
            String reason = ownFault ? "its start failed: " + e.getCause() : e.getMessage();
            throw new IllegalArgumentException(path + ": " + reason.replace("Resolver hook exception: ", ""), e);
        }
    }

    @Override
    public synchronized void remove(String name) {
        Bundle bundle = Arrays.stream(context.getBundles())
                .filter(candidate -> name.equals(candidate.getSymbolicName()) && isAddOn(candidate))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no bundle '" + name + "' makes devices or brings programs"));
        List<String> users = modulesOn(bundle);
        if (!users.isEmpty()) {
            throw new IllegalArgumentException(
                    "bundle " + name + " is in use by the module " + String.join(", ", users));
        }
        uninstall(bundle);
    }

    /** The modules that are wired to its packages. */
    private static List<String> modulesOn(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring == null
                ? List.of()
                : wiring.getProvidedWires(null).stream()
                        .map(wire -> ModuleFile.moduleName(wire.getRequirer().getBundle()))
                        .filter(module -> !module.isEmpty())
                        .distinct()
                        .sorted()
                        .toList();
    }

    /** Takes it out of the framework, its class loader too. */
    private void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new IllegalStateException("bundle " + bundle.getSymbolicName() + ": " + e.getMessage(), e);
        }
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle));
    }

    @Override
    public List<BundleDescription> bundles() {
        return Arrays.stream(context.getBundles())
                .filter(this::isAddOn)
                .map(this::describe)
                .sorted(Comparator.comparing(BundleDescription::name))
                .toList();
    }

    private boolean isAddOn(Bundle bundle) {
        // The tools that this kernel brings along are programs, too, but of the kernel's own ring.
        return services(bundle)
                .anyMatch(service -> isOf(service, DeviceModelFactory.class)
                        || (isOf(service, Executable.class) && Ring.of(bundle) == Ring.USER));
    }

    private BundleDescription describe(Bundle bundle) {
        return new BundleDescription(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                services(bundle)
                        .filter(service -> isOf(service, DeviceModelFactory.class))
                        .map(context::getService)
                        .filter(Objects::nonNull)
                        .map(factory -> ((DeviceModelFactory) factory).type())
                        .sorted()
                        .toList(),
                services(bundle)
                        .filter(service -> isOf(service, Executable.class))
                        .map(service -> service.getProperty(Executable.PATH))
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .sorted()
                        .toList());
    }

    private static Stream<ServiceReference<?>> services(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        return references == null ? Stream.empty() : Arrays.stream(references);
    }

    private static boolean isOf(ServiceReference<?> service, Class<?> type) {
        return List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(type.getName());
    }
}
