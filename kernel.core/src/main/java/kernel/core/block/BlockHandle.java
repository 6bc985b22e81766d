// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.concurrent.atomic.AtomicReference;
import kernel.api.block.BlockDevice;
import kernel.api.context.ProcessContext;
import kernel.core.execution.Task;
import kernel.core.module.LoadedModule;

/** A disk or partition that somebody has open; it holds the driver's module until it is closed or the disk goes. */
public final class BlockHandle {
    private final BlockPart part;
    private final String user;
    private final boolean ofKernel;
    private final AtomicReference<LoadedModule> module = new AtomicReference<>();

    /** @param user who has it, for messages */
    BlockHandle(BlockPart part, String user, boolean ofKernel) {
        this.part = part;
        this.user = user;
        this.ofKernel = ofKernel;
    }

    public BlockDevice device() {
        return part;
    }

    /** The page cache of the device; null in a kernel without one. */
    public BufferedAccess buffered() {
        return part.buffered();
    }

    BlockPart part() {
        return part;
    }

    String user() {
        return user;
    }

    /** Whether it is no open file of a process. */
    boolean isOfKernel() {
        return ofKernel;
    }

    void opened(LoadedModule held) {
        module.set(held);
    }

    LoadedModule module() {
        return module.get();
    }

    void letModuleGo() {
        LoadedModule held = module.getAndSet(null);
        if (held != null) {
            held.put();
        }
    }

    /** Gives it up; the last one who does writes back what is cached. May sleep. Once. */
    public void close(ProcessContext context) {
        part.disk().layer().registry().close((Task) context, this);
    }
}
