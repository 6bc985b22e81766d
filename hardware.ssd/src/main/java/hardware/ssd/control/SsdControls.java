// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.control;

import java.util.List;

/** A service: the solid state disks that are plugged in. Thread-safe. */
public interface SsdControls {
    /** In the order in which they were plugged in. */
    List<SsdControl> plugged();
}
