// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The framework that a test runs in: installs, finds and refreshes bundles and waits for services. It waits for what it
 * was asked for and never for a time; what does not come within {@link #PATIENCE} fails the test.
 */
public final class TestFramework {
    /** How long to wait for something that ought to happen at once. Long, for the machine may be busy. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BundleContext context;

    TestFramework(BundleContext context) {
        this.context = context;
    }

    /** The context of the test's own bundle. */
    public BundleContext context() {
        return context;
    }

    /** The jar of a bundle of the house, or of a bundle that the launcher would start: what insmod takes. */
    public Path jar(String symbolicName) {
        return BundleJars.jar(symbolicName);
    }

    /** Installs such a bundle and does not start it. */
    public Bundle install(String symbolicName) throws BundleException {
        return context.installBundle(BundleJars.location(symbolicName));
    }

    /** Installs a bundle made for the test and does not start it. */
    public Bundle install(TestBundle bundle) throws BundleException {
        return context.installBundle(bundle.location());
    }

    /** The installed bundle with this symbolic name. */
    public Optional<Bundle> bundle(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst();
    }

    /** The service of this type, once there is one. The type is the one that the test's own bundle is wired to. */
    public <S> S service(Class<S> type) throws InterruptedException {
        ServiceTracker<S, S> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        try {
            S service = tracker.waitForService(PATIENCE.toMillis());
            if (service == null) {
                throw new AssertionError("no service " + type.getName() + "; bundles: " + states());
            }
            return service;
        } finally {
            tracker.close();
        }
    }

    /** Refreshes the bundles and all that depend on them, and returns when the framework is through with it. */
    public void refresh(Bundle... bundles) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        wiring.refreshBundles(List.of(bundles), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        if (!refreshed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the framework does not finish to refresh " + List.of(bundles));
        }
    }

    /** Watches the class loader that a resolved bundle has now, to see it go when the bundle is gone. */
    public LoaderWatch watch(Bundle bundle) {
        return new LoaderWatch(bundle);
    }

    /** Every bundle and its state, for the message of a failure. */
    public String states() {
        StringBuilder states = new StringBuilder();
        for (Bundle bundle : context.getBundles()) {
            states.append(System.lineSeparator())
                    .append(bundle.getSymbolicName())
                    .append(' ')
                    .append(state(bundle.getState()));
        }
        return states.toString();
    }

    private static String state(int state) {
        return switch (state) {
            case Bundle.UNINSTALLED -> "UNINSTALLED";
            case Bundle.INSTALLED -> "INSTALLED";
            case Bundle.RESOLVED -> "RESOLVED";
            case Bundle.STARTING -> "STARTING";
            case Bundle.STOPPING -> "STOPPING";
            case Bundle.ACTIVE -> "ACTIVE";
            default -> "state " + state;
        };
    }
}
