// SPDX-License-Identifier: Apache-2.0
package kernel.core.dma;

import java.util.function.Consumer;
import kernel.api.memory.KernelMemory;
import kernel.core.execution.Task;

/** Whose DMA it is: where its memory comes from, and who gives back what it does not (Linux: devres). */
public interface DmaOwner {
    /** Whole pages side by side, full of zeroes; null when there are none. */
    KernelMemory allocatePages(long sizeBytes);

    void freePages(KernelMemory pages);

    /** Whether all of the range is memory. */
    boolean isMemory(long physicalAddress, long bytes);

    /** Notes something that is to be given back with the driver. */
    void acquired(Object what, Consumer<Task> release);

    /** The driver gives it back itself; false when it had not acquired it, or has given it back already. */
    boolean givenBack(Object what);
}
