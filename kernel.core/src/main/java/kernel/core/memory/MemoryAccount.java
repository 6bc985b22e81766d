// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kernel.api.memory.KernelMemory;

/** What one owner has allocated. Under the heap's lock. */
final class MemoryAccount {
    private final Set<KernelBlock> blocks = new LinkedHashSet<>();
    private long bytes;

    MemoryAccount(String owner) {
        if (owner.isEmpty()) {
            throw new IllegalArgumentException("memory has an owner with a name");
        }
    }

    void add(KernelBlock block) {
        blocks.add(block);
        bytes += block.sizeBytes();
    }

    void remove(KernelBlock block) {
        blocks.remove(block);
        bytes -= block.sizeBytes();
    }

    long bytes() {
        return bytes;
    }

    List<KernelMemory> blocks() {
        return List.copyOf(blocks);
    }
}
