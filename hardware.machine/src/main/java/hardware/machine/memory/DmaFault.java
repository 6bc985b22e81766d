// SPDX-License-Identifier: Apache-2.0
package hardware.machine.memory;

/**
 * An access of a device that was refused and changed nothing.
 *
 * @param device the name of the device on the bus
 * @param busAddress the first byte of the access as the device gave it
 * @param length of the access in bytes
 * @param toMemory whether the device wanted to write
 * @param faultAddress the bus address of the first byte that was refused
 * @param reason why
 */
public record DmaFault(
        String device, long busAddress, long length, boolean toMemory, long faultAddress, Reason reason) {
    /** Why an access was refused. */
    public enum Reason {
        /** Never mapped, or not mapped any more. */
        NOT_MAPPED,
        /** Mapped, but only for the other direction. */
        DIRECTION,
        /** No physical memory there; only without translation. */
        BEYOND_MEMORY,
        /** An access that orders others must be aligned to its size. */
        MISALIGNED
    }

    @Override
    public String toString() {
        return "DMAR: [DMA %s] %s, %d bytes at 0x%x, fault addr 0x%x: %s"
                .formatted(toMemory ? "Write" : "Read", device, length, busAddress, faultAddress, reason);
    }
}
