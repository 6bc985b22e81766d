// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.Dictionary;
import java.util.Map;
import kernel.uapi.Executable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/**
 * Publishes each program as a service when the bundle starts; the framework takes them back when it stops. A plain activator, so that booting
 * to a prompt does not wait for the component runtime. The bundle declares ring 3: it can be wired to no kernel package.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
@Header(name = "Kernel-Ring", value = "3")
public final class BinPublisher implements BundleActivator {
    /** The framework makes it. */
    public BinPublisher() {}

    @Override
    public void start(BundleContext context) {
        BinDirectory.executables().forEach((path, executable) -> {
            Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of(Executable.PATH, path));
            context.registerService(Executable.class, executable, properties);
        });
    }

    @Override
    public void stop(BundleContext context) {
        // The framework unregisters what a bundle registered.
    }
}
