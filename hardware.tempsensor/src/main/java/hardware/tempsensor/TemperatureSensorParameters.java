// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor;

/**
 * How a sensor is made.
 *
 * @param baseMilliCelsius what the first measurement gives, {@value #COLDEST_MILLI_CELSIUS} to
 *     {@value #HOTTEST_MILLI_CELSIUS}
 * @param driftMilliCelsius by how much one measurement differs from the next, 0 to {@value #MAX_DRIFT_MILLI_CELSIUS}
 * @param conversionMicros how long a measurement takes until software sets something else, 0 to 2^32 - 1
 */
public record TemperatureSensorParameters(int baseMilliCelsius, int driftMilliCelsius, long conversionMicros) {
    /** The lowest temperature that the sensor can tell. */
    public static final int COLDEST_MILLI_CELSIUS = -55_000;
    /** The highest temperature that the sensor can tell. */
    public static final int HOTTEST_MILLI_CELSIUS = 125_000;
    /** The most that two measurements in a row differ by. */
    public static final int MAX_DRIFT_MILLI_CELSIUS = 10_000;
    /** The longest conversion time that the register holds. */
    public static final long MAX_CONVERSION_MICROS = 0xffff_ffffL;

    /** A room: 21.500 degrees, 0.025 more or less each time, in 10 ms. */
    public static final TemperatureSensorParameters DEFAULT = new TemperatureSensorParameters(21_500, 25, 10_000);

    public TemperatureSensorParameters {
        check("base_millicelsius", baseMilliCelsius, COLDEST_MILLI_CELSIUS, HOTTEST_MILLI_CELSIUS);
        check("drift_millicelsius", driftMilliCelsius, 0, MAX_DRIFT_MILLI_CELSIUS);
        check("conversion_us", conversionMicros, 0, MAX_CONVERSION_MICROS);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d to %d, not %d".formatted(name, least, most, value));
        }
    }
}
