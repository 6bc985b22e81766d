// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.function.Consumer;
import kernel.core.execution.Task;
import kernel.core.module.LoadedModule;

/** Whose disks and tag sets they are: a device bound to its driver. */
public interface BlockOwner {
    /** The driver's module, which an open disk holds. */
    LoadedModule module();

    /** The name of the driver. */
    String driver();

    /** Says how something is given back when the driver goes; the newest goes first. */
    void onRelease(Object what, Consumer<Task> release);
}
