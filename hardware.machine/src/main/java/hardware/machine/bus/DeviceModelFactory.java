// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

import java.util.Map;

/**
 * Makes devices of one type, for plugging in while the machine runs. Published as a service with the property
 * {@value #DEVICE_TYPE}, so that a shell finds what can be plugged in. Thread-safe.
 */
public interface DeviceModelFactory {
    /** The service property that holds {@link #type()}. */
    String DEVICE_TYPE = "device.type";

    /** The type of the devices, as {@link DeviceModel#type()}. */
    String type();

    /** What can be said about a new device: the names of the parameters, each with its meaning, unit and default. */
    Map<String, String> parameters();

    /**
     * Makes a device that is not plugged in yet.
     *
     * @param parameters by name; what is left out has its default
     * @throws IllegalArgumentException a name is unknown or a value does not fit; the message says which and why
     */
    DeviceModel create(Map<String, String> parameters);
}
