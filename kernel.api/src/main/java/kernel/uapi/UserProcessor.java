// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/**
 * The processor as a program in user mode sees it: loads and stores through its own page tables, and the trap.
 *
 * <p>A load or store that the page tables do not allow is SIGSEGV, which ends the program unless it has a handler. An
 * instance belongs to one process and works only on that process's thread.
 */
public interface UserProcessor {
    /**
     * The trap instruction: a system call with Linux's number and up to six arguments.
     *
     * @return what the kernel answers; a negative errno in {@code [-4095, -1]} is an error
     */
    long trap(int number, long a0, long a1, long a2, long a3, long a4, long a5);

    byte loadByte(long address);

    void storeByte(long address, byte value);

    /** Little-endian, as on x86-64; so are the wider accesses. */
    int loadInt(long address);

    void storeInt(long address, int value);

    long loadLong(long address);

    void storeLong(long address, long value);

    void load(long address, byte[] to, int offset, int length);

    void store(long address, byte[] from, int offset, int length);

    /**
     * The address of a piece of code, as clone(2) and sigaction(2) want it: Java code has none of its own, so the processor gives it one in
     * the text segment.
     */
    long textAddress(Entry code);

    /** Code that has an address. */
    @FunctionalInterface
    interface Entry {
        /**
         * Runs it in user mode.
         *
         * @param argument what the kernel passes; for a signal handler the signal number
         */
        void enter(UserProcessor processor, long argument);
    }
}
