// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import java.util.List;
import java.util.Map;

/** What can be broken of one device, by the hand of who tests the system. */
public interface FaultControl {
    /** What can go wrong: its meaning by its name. */
    Map<String, String> kinds();

    /** What can be said of a fault: its meaning by its name. */
    Map<String, String> parameters();

    /**
     * Makes something go wrong.
     *
     * @throws IllegalArgumentException the device knows no such kind or parameter, or a value does not fit; the message says which
     */
    void inject(String kind, Map<String, String> parameters);

    /** The faults that are not over, one line each. */
    List<String> atWork();

    /** Ends them all. */
    void clear();
}
