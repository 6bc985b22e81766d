// SPDX-License-Identifier: Apache-2.0
package kernel.api.memory;

import kernel.api.context.ProcessContext;

/**
 * Where the pages of a mapped file come from (Linux: struct vm_operations_struct). Offsets are in bytes from the beginning of the file, at the start of
 * a page. Called for a device only while it is there; several processes may be in it at once.
 */
public interface Pager {
    /** There is no such page: behind the end of the file, or the device does not answer (SIGBUS; Linux: VM_FAULT_SIGBUS). */
    long BUS_ERROR = -1;

    /** There is no memory for it (VM_FAULT_OOM). */
    long NO_MEMORY = -2;

    /**
     * Somebody touches a page for the first time, or again after it was taken away. May sleep.
     *
     * @param write whether the page of a shared mapping is about to be written
     * @return the physical address of the page, {@link #BUS_ERROR} or {@link #NO_MEMORY}
     */
    long fault(ProcessContext context, long offset, boolean write);

    /**
     * The page of a shared mapping becomes writable: from now on it may differ from what is stored (Linux: page_mkwrite). Called again after it was
     * write-protected. May sleep.
     *
     * @return 0, {@link #BUS_ERROR} when it must not be written or has gone, or {@link #NO_MEMORY}
     */
    default long makeWritable(ProcessContext context, long offset, long physicalAddress) {
        return 0;
    }

    /** A device has written to a page that was pinned for it, behind the page tables' back (Linux: set_page_dirty). Any context; must not sleep. */
    default void dirtied(long offset, long physicalAddress) {}

    /**
     * Writes what was changed through mappings to where it is stored (Linux: msync, vfs_fsync_range). May sleep.
     *
     * @return 0 or a negative errno
     */
    default int sync(ProcessContext context, long offset, long bytes) {
        return 0;
    }
}
