// SPDX-License-Identifier: Apache-2.0
package kernel.api.memory;

import java.lang.foreign.MemorySegment;

/**
 * A piece of kernel memory from {@code kmalloc}: physically contiguous, owned by the module that asked. Its use after it was
 * freed is an oops where it can be told, and reported in debug mode.
 */
public interface KernelMemory {
    /** The kernel virtual address. */
    long address();

    /** The physical address of its first byte. */
    long physicalAddress();

    /** The size asked for, in bytes. */
    long sizeBytes();

    /** The bytes themselves, exactly {@link #sizeBytes()} of them. */
    MemorySegment segment();
}
