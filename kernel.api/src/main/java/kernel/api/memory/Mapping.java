// SPDX-License-Identifier: Apache-2.0
package kernel.api.memory;

/** What a program asks for when it maps a file: which part, and what it wants to do with it (Linux: the vm_area_struct that mmap is given). */
public interface Mapping {
    /** Where the mapped part begins in the file; a multiple of the page size. */
    long offset();

    /** How much is mapped; a multiple of the page size. */
    long bytes();

    /** Whether writes are seen by others and reach the file (MAP_SHARED); else each page is copied before its first write. */
    boolean isShared();

    /** Whether it is to be writable now. */
    boolean isWritable();

    /** Accepts: pages come from there. */
    void setPager(Pager pager);
}
