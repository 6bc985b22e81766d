// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

/** The module's parameters, as the component gets them. */
@interface TempSensorParameters {
    /** Time that a measurement takes, in microseconds; negative leaves the device as it is. */
    int conversion_us() default -1;
}
