// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** The memory of a process as kernel code reaches it: through its page tables, faulting pages in. */
public interface UserSpace {
    /** Copies to user memory; at most {@code room} bytes lie behind the address. Returns bytes not copied. */
    long copyToUser(Task task, long address, long room, byte[] from, int offset, int length);

    /** Copies from user memory. Returns bytes not copied. */
    long copyFromUser(Task task, byte[] to, int offset, long address, long room, int length);

    /** Copies from physical memory, within one frame, to user memory. Returns bytes not copied. */
    long copyFrameToUser(Task task, long address, long room, long physicalAddress, int length);

    /**
     * Copies from user memory to physical memory, within one frame, as far as the user memory is there already: takes no page fault and so never sleeps
     * (Linux: copy_from_user_inatomic). Returns bytes not copied.
     */
    long copyFrameFromUser(Task task, long physicalAddress, long address, long room, int length);

    /** Touches user memory in to be read (Linux: fault_in_readable). Returns how many bytes from the start can be read. */
    long faultIn(Task task, long address, long room, long length);

    /** Zeroes user memory. Returns bytes not cleared. */
    long clearUser(Task task, long address, long room, long length);
}
