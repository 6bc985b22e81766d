// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor;

import hardware.machine.bus.DeviceModel;
import hardware.machine.bus.DeviceModelFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Makes temperature sensors for plugging in. Stateless, and so thread-safe. */
@Component(property = DeviceModelFactory.DEVICE_TYPE + "=" + TemperatureSensorModel.TYPE)
public final class TemperatureSensorFactory implements DeviceModelFactory {
    private static final String BASE = "base_millicelsius";
    private static final String DRIFT = "drift_millicelsius";
    private static final String CONVERSION = "conversion_us";

    @Override
    public String type() {
        return TemperatureSensorModel.TYPE;
    }

    @Override
    public Map<String, String> parameters() {
        TemperatureSensorParameters standard = TemperatureSensorParameters.DEFAULT;
        Map<String, String> descriptions = new LinkedHashMap<>();
        descriptions.put(
                BASE,
                "first temperature in thousandths of a degree (default %d)".formatted(standard.baseMilliCelsius()));
        descriptions.put(
                DRIFT,
                "change from one measurement to the next in thousandths of a degree (default %d)"
                        .formatted(standard.driftMilliCelsius()));
        descriptions.put(
                CONVERSION,
                "time that a measurement takes in microseconds (default %d)".formatted(standard.conversionMicros()));
        return descriptions;
    }

    @Override
    public DeviceModel create(Map<String, String> given) {
        Map<String, String> known = parameters();
        for (String name : given.keySet()) {
            if (!known.containsKey(name)) {
                throw new IllegalArgumentException(
                        "%s has no parameter '%s', only %s".formatted(type(), name, String.join(", ", known.keySet())));
            }
        }
        TemperatureSensorParameters standard = TemperatureSensorParameters.DEFAULT;
        return new TemperatureSensorModel(new TemperatureSensorParameters(
                (int) number(
                        given,
                        BASE,
                        standard.baseMilliCelsius(),
                        TemperatureSensorParameters.COLDEST_MILLI_CELSIUS,
                        TemperatureSensorParameters.HOTTEST_MILLI_CELSIUS),
                (int) number(
                        given,
                        DRIFT,
                        standard.driftMilliCelsius(),
                        0,
                        TemperatureSensorParameters.MAX_DRIFT_MILLI_CELSIUS),
                number(
                        given,
                        CONVERSION,
                        standard.conversionMicros(),
                        0,
                        TemperatureSensorParameters.MAX_CONVERSION_MICROS)));
    }

    private static long number(Map<String, String> given, String name, long standard, long least, long most) {
        String text = given.get(name);
        if (text == null) {
            return standard;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, in the words of who typed it.
        }
        throw new IllegalArgumentException(
                "%s is a whole number from %d to %d, not '%s'".formatted(name, least, most, text));
    }
}
