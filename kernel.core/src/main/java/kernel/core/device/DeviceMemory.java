// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;

/** Where drivers' memory comes from, with an owner on each piece. */
public interface DeviceMemory {
    /** Null when there is none. */
    KernelMemory allocate(String owner, long sizeBytes, Gfp flags);

    /** Whole pages side by side, full of zeroes; null when there are none. */
    KernelMemory allocatePages(String owner, long sizeBytes);

    /** Frees what the owner allocated; a report when it is not his, or free already. */
    void free(String owner, KernelMemory memory);

    /** Frees it unless that has been done already. */
    void freeIfOwned(String owner, KernelMemory memory);
}
