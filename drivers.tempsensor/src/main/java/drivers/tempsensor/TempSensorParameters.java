// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The module's parameters, as the component gets them. */
@Retention(RetentionPolicy.RUNTIME)
@interface TempSensorParameters {
    /** Time that a measurement takes, in microseconds; negative leaves the device as it is. */
    int conversion_us() default -1;
}
