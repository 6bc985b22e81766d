// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import kernel.api.device.BoundDevice;

/** Makes drivers as the framework does, by their constructors, whose parameters type is nobody else's business. */
public final class DriverProbe {
    private DriverProbe() {}

    /** The probe, with the module's parameters left at their defaults. */
    public static <T> T probe(Class<T> driver, BoundDevice device) {
        Constructor<?> constructor = driver.getConstructors()[0];
        Class<?> parameters = constructor.getParameterTypes()[1];
        Object defaults = Proxy.newProxyInstance(
                parameters.getClassLoader(),
                new Class<?>[] {parameters},
                (_, parameter, _) -> parameter.getDefaultValue());
        try {
            return driver.cast(constructor.newInstance(device, defaults));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver does not probe", e);
        }
    }
}
