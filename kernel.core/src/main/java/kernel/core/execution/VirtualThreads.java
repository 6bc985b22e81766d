// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;

/**
 * Makes virtual threads that run on a carrier of our choice. The JDK has a factory for that which it does not publish
 * ({@code java.lang.ThreadBuilders.newVirtualThread}); where {@code java.base/java.lang} is not opened to us, or a
 * later JDK has no such factory, threads come from the public one: slower hand-over, same protocol.
 */
final class VirtualThreads {
    private static final MethodHandle FACTORY = findFactory();

    private final boolean carriersAreOurs;

    private VirtualThreads(boolean carriersAreOurs) {
        this.carriersAreOurs = carriersAreOurs;
    }

    /** On carriers of ours if this JDK lets us. */
    static VirtualThreads best() {
        return new VirtualThreads(FACTORY != null);
    }

    /** On the carriers that the JDK chooses, as when it does not let us. */
    static VirtualThreads ofTheJdk() {
        return new VirtualThreads(false);
    }

    /** Whether threads really run on the carrier asked for. */
    boolean carriersAreOurs() {
        return carriersAreOurs;
    }

    Thread unstarted(Executor carrier, String name, Runnable body) {
        if (!carriersAreOurs) {
            return Thread.ofVirtual().name(name).unstarted(body);
        }
        try {
            return (Thread) FACTORY.invokeExact(carrier, name, 0, body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("ThreadBuilders declares no checked exception", e);
        }
    }

    private static MethodHandle findFactory() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            MethodType type =
                    MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class);
            return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(builders, "newVirtualThread", type);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
