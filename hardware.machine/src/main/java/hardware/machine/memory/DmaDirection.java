// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

/** Which way a device may move data through a mapping (Linux: enum dma_data_direction). */
public enum DmaDirection {
    /** The device reads memory. */
    TO_DEVICE(PageTable.READ),
    /** The device writes memory. */
    FROM_DEVICE(PageTable.WRITE),
    /** The device does both, as with a descriptor ring. */
    BIDIRECTIONAL(PageTable.READ | PageTable.WRITE);

    final int permissions;

    DmaDirection(int permissions) {
        this.permissions = permissions;
    }
}
