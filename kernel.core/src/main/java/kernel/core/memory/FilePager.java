// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import kernel.api.memory.Pager;

/**
 * A pager of the kernel's own, whose pages come from the {@link PageAllocator}: each that {@link #fault} answers comes with a reference, taken by
 * {@link PageAllocator#get}, that the mapping gives back.
 *
 * <p>Who takes a page away from its file first makes sure that {@link #fault} does not find it any more, then calls {@link ReverseMap#unmap}, then drops
 * its own reference. Who writes a page back first notes that it is clean, then calls {@link ReverseMap#writeProtect}, then reads the page: what is
 * written after that calls {@link #makeWritable} first.
 */
public interface FilePager extends Pager {
    /** Where the pages of this file are mapped; one for each file (Linux: i_mmap of struct address_space). */
    ReverseMap mappings();
}
