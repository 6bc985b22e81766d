// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Watches one class loader of a bundle without holding it. */
public final class LoaderWatch {
    /** Between two collections; the queue answers earlier when the loader goes earlier. */
    private static final long ROUND_MILLIS = 20;

    private final String name;
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final Reference<ClassLoader> loader;

    LoaderWatch(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            throw new IllegalArgumentException(bundle + " is not resolved: it has no class loader to watch");
        }
        this.name = bundle.toString();
        this.loader = new PhantomReference<>(wiring.getClassLoader(), collected);
    }

    /** Collects garbage until the class loader is gone; fails when something keeps it. */
    public void awaitCollected() throws InterruptedException {
        long deadline = System.nanoTime() + TestFramework.PATIENCE.toNanos();
        while (!isCollected()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the class loader of " + name + " is still reachable");
            }
        }
    }

    /** Collects garbage once and says whether that was enough. */
    public boolean isCollected() throws InterruptedException {
        System.gc();
        // Null after ROUND_MILLIS, and for ever once it has been taken out; the reference itself knows.
        Reference<? extends ClassLoader> _ = collected.remove(ROUND_MILLIS);
        return loader.refersTo(null);
    }
}
