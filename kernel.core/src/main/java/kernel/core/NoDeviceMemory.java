// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.core.device.DeviceMemory;

/** A kernel with no memory for drivers: every allocation fails. */
final class NoDeviceMemory implements DeviceMemory {
    @Override
    public KernelMemory allocate(String owner, long sizeBytes, Gfp flags) {
        return null;
    }

    @Override
    public void free(String owner, KernelMemory memory) {
        throw new IllegalArgumentException("there is no memory to free");
    }

    @Override
    public void freeIfOwned(String owner, KernelMemory memory) {}
}
