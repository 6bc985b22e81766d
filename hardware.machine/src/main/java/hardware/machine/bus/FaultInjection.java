// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

import java.util.List;
import java.util.Map;

/**
 * A device model that can be broken on demand, by whoever tests what runs on the machine; a {@link DeviceModel} implements it if it likes. All is in words,
 * so that nobody has to know the device. Callable from any thread that is not moving it.
 */
public interface FaultInjection {
    /** What can go wrong: its meaning by its name, in the order in which they are shown. */
    Map<String, String> faultKinds();

    /** What can be said of a fault: its meaning by its name. */
    Map<String, String> faultParameters();

    /**
     * Makes something go wrong.
     *
     * @throws IllegalArgumentException the device knows no such kind or parameter, or a value does not fit; the message says which
     */
    void injectFault(String kind, Map<String, String> parameters);

    /** The faults that are not over, one line each, in the order in which they were injected. */
    List<String> faultsAtWork();

    /** Ends them all. */
    void endFaults();
}
