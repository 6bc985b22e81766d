// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import kernel.api.context.ProcessContext;

/** The file behind an area (Linux: vm_file with its vm_ops). Counted: one for each area, or part of one. */
public interface Backing {
    /** As {@link kernel.api.memory.Pager#fault}. */
    long fault(ProcessContext context, long offset, boolean write);

    /** As {@link kernel.api.memory.Pager#makeWritable}. */
    long makeWritable(ProcessContext context, long offset, long physicalAddress);

    /** As {@link kernel.api.memory.Pager#dirtied}. */
    void dirtied(long offset, long physicalAddress);

    /** As {@link kernel.api.memory.Pager#sync}. */
    int sync(ProcessContext context, long offset, long bytes);

    /** Whether each page that a fault gives comes with a reference of the {@link PageAllocator} for the mapping; else pages belong to a driver. */
    boolean countsPages();

    /** Who else maps the file. */
    ReverseMap mappings();

    /** One more area of the same file. */
    void get();

    /** One less; the last one closes the file, which may sleep. */
    void put(ProcessContext context);

    /** For /proc/PID/maps: where the file is, {@code major:minor} in hexadecimal, the number of its inode, and its path. */
    String description();

    String path();
}
