// SPDX-License-Identifier: Apache-2.0
package kernel.uapi;

/**
 * What a file of /bin holds: code with an entry point. Published as a service by a bundle of ring 3; the kernel makes a file of it.
 */
public interface Executable {
    /** The property with the absolute path of the file, such as {@code /bin/cat}. */
    String PATH = "ubend.executable";

    /**
     * Entered by exec in user mode on the process's own thread, with the System V x86-64 initial stack: at {@code stackPointer}
     * the argument count, then the argument pointers, a zero, the environment pointers, a zero. Returning is exit(0).
     */
    void start(UserProcessor processor, long stackPointer);
}
