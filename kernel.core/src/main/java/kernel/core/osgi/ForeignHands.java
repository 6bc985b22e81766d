// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import kernel.core.Kernel;
import kernel.core.log.LogLevel;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Modules that somebody starts or stops past insmod and rmmod, with the tools of the framework. On whichever thread does so, with the
 * bundle's lock held by the framework: so nothing here waits for the module mutex, whose owner may be waiting for that lock.
 */
final class ForeignHands implements SynchronousBundleListener {
    private final Kernel kernel;
    private final ModuleLoader loader;

    ForeignHands(Kernel kernel, ModuleLoader loader) {
        this.kernel = kernel;
        this.loader = loader;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        int type = event.getType();
        if ((type != BundleEvent.STOPPING && type != BundleEvent.STARTED) || kernel.isHalted()) {
            return;
        }
        Bundle bundle = event.getBundle();
        String name = ModuleFile.moduleName(bundle);
        if (name.isEmpty()) {
            return;
        }
        if (type == BundleEvent.STARTED) {
            if (!loader.isOurs(bundle)) {
                kernel.log()
                        .print(
                                LogLevel.WARNING,
                                name + ": started as a bundle, which drives nothing: insmod loads modules");
            }
        } else if (loader.isOurs(bundle) && !loader.isRemoving(bundle)) {
            kernel.log().print(LogLevel.WARNING, name + ": stopped as a bundle; removed");
            loader.stoppedByHand(bundle);
        }
    }
}
