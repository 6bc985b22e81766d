// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.memory.DmaPort;
import hardware.machine.time.Timeline;
import java.util.random.RandomGenerator;

/** What a machine gives to a device that is plugged in; all of it is valid until the device is detached. */
public interface DeviceEnvironment {
    /** The name of the device on the bus, such as {@code tempsensor0}. */
    String deviceName();

    /** The clock, and the timeline of what the device will do. */
    Timeline timeline();

    /**
     * Wires a further interrupt line to the controller; freed when the device is detached. Call in {@code attached}
     * only.
     */
    InterruptLine interruptLine(Trigger trigger);

    /** The device's way to memory, through the IOMMU. */
    DmaPort dma();

    /** Randomness of the device's own, reproducible from the machine's seed. */
    RandomGenerator random();

    /** Notes a step of the device for whoever watches the machine; costs next to nothing when nobody does. */
    void trace(String step, long value);
}
