// SPDX-License-Identifier: Apache-2.0
package kernel.api.device;

import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Put on a component with {@code factory = DeviceDriver.FACTORY}: the kernel makes one instance of it for each device of the named
 * kind. Its activation is the driver's probe, its deactivation the remove.
 */
@ComponentPropertyType
public @interface DeviceDriver {
    /** Prefix of the properties. */
    String PREFIX_ = "ubend.driver.";

    /** The component factory name that the kernel looks for. */
    String FACTORY = "ubend.driver";

    /** The driver's name, as in /sys/bus/.../drivers. */
    String name();

    /** The devices that the driver knows how to drive (Linux: of_match_table). */
    String[] compatible();
}
