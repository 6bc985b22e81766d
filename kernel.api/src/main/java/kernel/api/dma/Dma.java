// SPDX-License-Identifier: Apache-2.0
package kernel.api.dma;

import hardware.machine.memory.DmaDirection;
import kernel.api.context.Context;
import kernel.api.memory.Gfp;

/**
 * One device's way to memory, as its driver arranges it. A device reaches what is mapped here and nothing else; what is still mapped when the driver
 * goes is reported in Linux's words and unmapped.
 *
 * <p>{@link #map} and {@link #unmap} and their kin are callable in any context, never sleep, and allocate nothing on the Java heap in a steady state.
 */
public interface Dma {
    /** What {@link #map} answers when it could not (Linux: DMA_MAPPING_ERROR). */
    long MAPPING_ERROR = -1;

    /**
     * Allocates memory for processor and device; freed with the driver at the latest. Process context, may sleep with {@link Gfp#KERNEL}.
     *
     * @param sizeBytes 1 to 4 MiB
     * @return null when there is none (ENOMEM)
     */
    CoherentMemory allocateCoherent(long sizeBytes, Gfp flags);

    /** Frees early what would otherwise be freed with the driver. The device must have forgotten it. */
    void freeCoherent(CoherentMemory memory);

    /**
     * Maps a physically contiguous piece for one transfer or a few (Linux: dma_map_single).
     *
     * @return the bus address, or {@link #MAPPING_ERROR}, which must be checked for
     */
    long map(Context context, long physicalAddress, int bytes, DmaDirection direction);

    /** Ends a mapping, whole and in the direction as it was made; from now on the device cannot reach it. */
    void unmap(Context context, long busAddress, int bytes, DmaDirection direction);

    /** Gives the memory of a mapping to the processor for a while (Linux: dma_sync_single_for_cpu). */
    void syncForProcessor(Context context, long busAddress, int bytes, DmaDirection direction);

    /** Gives it back to the device (Linux: dma_sync_single_for_device). */
    void syncForDevice(Context context, long busAddress, int bytes, DmaDirection direction);

    /**
     * Maps every piece of a list, filling in its bus addresses (Linux: dma_map_sg). All or nothing.
     *
     * @return how many pieces, 0 when it could not
     */
    int map(Context context, ScatterList list, DmaDirection direction);

    /** Ends the mapping of a list. */
    void unmap(Context context, ScatterList list, DmaDirection direction);

    /**
     * Says how many address bits the device has (Linux: dma_set_mask_and_coherent); 64 without it. Bus addresses given later fit.
     *
     * @return 0, or -EIO when there are no such addresses
     */
    int setMask(int bits);
}
