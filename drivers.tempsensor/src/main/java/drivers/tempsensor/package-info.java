// SPDX-License-Identifier: Apache-2.0
/**
 * The temperature sensor's driver: one character device for each sensor (Linux: a misc or hwmon driver in drivers/). Process
 * context except where a method takes another one.
 */
@KernelModule(
        name = "tempsensor",
        description = "Temperature sensor, one measurement for each read",
        license = "Apache-2.0",
        alias = "ubend,tempsensor")
@ModuleParameter(
        name = "conversion_us",
        type = "uint",
        description = "Time that a measurement takes, in microseconds (default: what the device is set to)")
package drivers.tempsensor;

import kernel.api.module.KernelModule;
import kernel.api.module.ModuleParameter;
