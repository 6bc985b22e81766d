// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** The memory of a process as kernel code reaches it: through its page tables, faulting pages in. */
public interface UserSpace {
    /** Copies to user memory; at most {@code room} bytes lie behind the address. Returns bytes not copied. */
    long copyToUser(Task task, long address, long room, byte[] from, int offset, int length);

    /** Copies from user memory. Returns bytes not copied. */
    long copyFromUser(Task task, byte[] to, int offset, long address, long room, int length);

    /** Zeroes user memory. Returns bytes not cleared. */
    long clearUser(Task task, long address, long room, long length);
}
