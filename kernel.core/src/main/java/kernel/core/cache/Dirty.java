// SPDX-License-Identifier: Apache-2.0
package kernel.core.cache;

import kernel.api.context.ProcessContext;

/** Something that is to be written in a while: a file with its pages and attributes, or a device (Linux: an inode on b_dirty). */
public abstract class Dirty {
    // Of the list that it is in, see Writeback, whose lock guards them.
    Dirty next;
    boolean queued;
    long sinceNanos;

    /** Whether there is something to write. Must not sleep. */
    protected abstract boolean isDirty();

    /** Begins to write all that is dirty of it; need not wait. May sleep. */
    protected abstract void writeBack(ProcessContext context);
}
