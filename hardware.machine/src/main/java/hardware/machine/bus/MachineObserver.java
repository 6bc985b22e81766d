// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

/** Watches the steps of hardware, for a trace. Called on whichever thread moves the hardware; must not block. */
public interface MachineObserver {
    /** A device did something of its own accord. */
    void deviceStep(String device, String step, long value);

    /** A device moved {@code length} bytes by DMA; {@code toMemory} says which way. */
    void dma(String device, long busAddress, long length, boolean toMemory);

    /** A device's access to memory was refused by the IOMMU. */
    void dmaFault(String device, long busAddress, long length, boolean toMemory);
}
