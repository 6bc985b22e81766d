// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.control;

import java.util.List;

/**
 * The hand of a person on one solid state disk. Callable from any thread that is not moving the device; what it does is over when it returns. The model of
 * the device implements it.
 */
public interface SsdControl {
    /** The name on the bus, such as {@code ssd0}; empty before it is plugged in. */
    String deviceName();

    /**
     * Cuts the power, in the middle of whatever the device does: volatile memory is gone, a page that was being programmed is torn, a block that was being
     * erased is garbage. Registers read as all ones. Without effect when it is off.
     */
    void powerCut();

    /**
     * Cuts the power at a step of the firmware, counted from now: the next is 1. A step is the fetch of commands, a page programmed or a block erased (which
     * is then torn), a page taken into the cache, a completion posted. 0 takes it back.
     */
    void powerCutAfterSteps(long steps);

    /** Switches it on again: the firmware recovers its map from flash, the controller is disabled. Without effect when it is on. */
    void powerOn();

    boolean isPowered();

    /** The steps of the firmware since the device was made; see {@link #powerCutAfterSteps}. */
    long steps();

    /** Injects a fault. */
    InjectedFault inject(Fault fault);

    /** The faults that are not over, in the order in which they were injected. */
    List<InjectedFault> faults();

    /** Ends all faults. Commands that are stuck stay stuck. */
    void clearFaults();

    /** Sends an interrupt of that vector, without a reason. */
    void interrupt(int vector);

    /** Sets the temperature that the health log tells, in kelvin. */
    void setTemperature(int kelvin);

    /** The namespaces that there are, attached or not: 1 to this. */
    int namespaceCount();

    boolean isAttached(int namespace);

    /**
     * Attaches a namespace to the controller; software is told.
     *
     * @return false when it was attached
     * @throws IllegalArgumentException there is no such namespace
     */
    boolean attachNamespace(int namespace);

    /**
     * Detaches a namespace: what is in the write cache is kept, commands to it fail from now on, software is told.
     *
     * @return false when it was not attached
     * @throws IllegalArgumentException there is no such namespace
     */
    boolean detachNamespace(int namespace);

    /** A counter of the health log or the flash log. */
    long statistic(Statistic statistic);
}
