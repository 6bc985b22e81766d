// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

/**
 * What a simulated device implements: registers above, its own timeline below. It knows nothing of any kernel.
 *
 * <p>Register accesses come from processors, events from the timeline, side by side in live mode: a model guards its
 * own state with a lock that it holds only briefly. Raising a line under that lock is safe: no handler runs before the
 * access or event has returned.
 */
public interface DeviceModel {
    /** The kind of device, also the stem of its name on the bus: {@code tempsensor} gives {@code tempsensor0}. */
    String type();

    /** What drivers match on, as in a device tree: {@code vendor,model}. */
    String compatible();

    /** The size of the register window in bytes; a positive multiple of 4. */
    int windowBytes();

    /** The device is plugged in: here are its clock, its lines, its way to memory. Called once, before any access. */
    void attached(DeviceEnvironment environment);

    /**
     * The device is pulled out: it takes back its events and stops for good. No access begins after this one has
     * returned; in live mode one that began before may still be under way beside it.
     */
    void detached();

    /** A processor reads the register at that offset, a multiple of 4 within the window. Must not block. */
    int read32(int offset);

    /** A processor writes the register at that offset, a multiple of 4 within the window. Must not block. */
    void write32(int offset, int value);
}
