// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

/** Told of devices that come and go, on the thread that plugs them; must return quickly and not call the bus. */
public interface BusListener {
    void attached(BusDevice device);

    /** The device has gone already: its registers read as all ones. */
    void detached(BusDevice device);
}
