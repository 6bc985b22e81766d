// SPDX-License-Identifier: Apache-2.0
package benchmarks.simulated;

import drivers.tempsensor.TempSensorDriver;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import kernel.api.device.BoundDevice;

/** Makes the sensor's driver as the framework does, by its constructor, whose parameters type is nobody else's business. */
public final class SensorDriver {
    private SensorDriver() {}

    /** The probe, with the module's parameters left at their defaults. */
    public static TempSensorDriver probe(BoundDevice device) {
        Constructor<?> constructor = TempSensorDriver.class.getConstructors()[0];
        Class<?> parameters = constructor.getParameterTypes()[1];
        Object defaults = Proxy.newProxyInstance(
                parameters.getClassLoader(),
                new Class<?>[] {parameters},
                (_, parameter, _) -> parameter.getDefaultValue());
        try {
            return (TempSensorDriver) constructor.newInstance(device, defaults);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver does not probe", e);
        }
    }
}
