// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGINT of the host, which otherwise would end the JVM. Java has no public interface for signals; the class that everybody uses is reached by
 * its name, and where it is missing the key does what it always does.
 */
final class InterruptKey {
    /** A program that does not want to end is ended with its machine by pressing the key that often. */
    private static final int PATIENCE = 4;

    private static final int KILLED_BY_INTERRUPT = 130;

    private InterruptKey() {}

    /** From now on each press calls the handler, on a thread of the host. */
    static void handle(Runnable handler) {
        try {
            ClassLoader loader = ClassLoader.getPlatformClassLoader();
            Class<?> signal = loader.loadClass("sun.misc.Signal");
            Class<?> handlerType = loader.loadClass("sun.misc.SignalHandler");
            AtomicInteger presses = new AtomicInteger();
            Object proxy = Proxy.newProxyInstance(loader, new Class<?>[] {handlerType}, (self, method, arguments) -> {
                if (!method.getName().equals("handle")) {
                    return method.getName().equals("toString") ? "interrupt key" : null;
                }
                if (presses.incrementAndGet() >= PATIENCE) {
                    Runtime.getRuntime().halt(KILLED_BY_INTERRUPT);
                }
                handler.run();
                return null;
            });
            signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ReflectiveOperationException _) {
            // The key ends the JVM.
        }
    }
}
