// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import hardware.machine.bus.BusDevice;
import hardware.tempsensor.TemperatureSensorModel;
import hardware.tempsensor.TemperatureSensorParameters;
import testkit.TestKernel;
import userland.libc.Libc;

/** Sensors plugged into a kernel under test, and what programs do with them. */
final class Sensors {
    private Sensors() {}

    /** A sensor that measures 21.500 at first, in 10 ms. */
    static BusDevice room(TestKernel kernel) {
        return kernel.plug(new TemperatureSensorModel(TemperatureSensorParameters.DEFAULT));
    }

    static BusDevice withBase(TestKernel kernel, int milliCelsius) {
        return kernel.plug(new TemperatureSensorModel(new TemperatureSensorParameters(milliCelsius, 25, 10_000)));
    }

    static void bind(TestKernel kernel, BusDevice device) {
        kernel.bind(device, "tempsensor", bound -> new TempSensorDriver(bound, defaults()));
    }

    /** The module's parameters when none are given: the annotation type's own defaults. */
    static TempSensorParameters defaults() {
        return Defaults.class.getAnnotation(TempSensorParameters.class);
    }

    @TempSensorParameters
    private static final class Defaults {}

    /** What one read answers, as text. */
    static String line(Libc libc, int fd, int capacity) {
        int count = libc.read(fd, libc.ioBuffer(), capacity);
        byte[] bytes = new byte[count];
        libc.processor().load(libc.ioBuffer(), bytes, 0, count);
        return new String(bytes, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
