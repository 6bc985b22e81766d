// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import java.util.List;
import java.util.Map;

/** The hand that plugs cards in and pulls them out, while the machine runs. The kernel is not asked, it finds out. */
public interface HardwareControl {
    /** What can be plugged in, and with which parameters: their meaning by their name. */
    Map<String, Map<String, String>> types();

    /**
     * Plugs a device in.
     *
     * @return its name on the bus
     * @throws IllegalArgumentException nobody makes such devices, or a parameter does not fit; the message says which
     */
    String plug(String type, Map<String, String> parameters);

    /** What was to be plugged in at boot and is not, each with the reason in a line. */
    List<String> missing();

    /** Pulls a device out; false when there is none of that name. */
    boolean unplug(String device);

    /** Whether the kernel has dealt with all that came and went. */
    boolean isSettled();

    /** The names of the devices that can be broken. */
    List<String> breakableDevices();

    /**
     * How a device can be broken.
     *
     * @throws IllegalArgumentException there is no device of that name, or it cannot be broken
     */
    FaultControl faults(String device);

    /** The devices on the bus, in the order in which they were plugged in. */
    List<DeviceState> devices();

    /**
     * A device on the bus.
     *
     * @param windowAddress where its registers begin
     * @param interrupts its lines
     * @param driver the driver that has it; empty when none has
     * @param module the driver's module; empty when none has it
     * @param nodes below /dev
     */
    record DeviceState(
            String name,
            String compatible,
            long windowAddress,
            int windowBytes,
            List<Integer> interrupts,
            String driver,
            String module,
            List<String> nodes) {
        public DeviceState {
            interrupts = List.copyOf(interrupts);
            nodes = List.copyOf(nodes);
        }
    }
}
