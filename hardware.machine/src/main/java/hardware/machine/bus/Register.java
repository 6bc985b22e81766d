// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

/**
 * A 32-bit device register: its name, its offset in the device's window, and in its type what may be done with it, so
 * that writing a read-only register does not compile.
 */
public sealed interface Register {
    String name();

    /** Bytes from the start of the register window; a multiple of 4. */
    int offset();

    /** A register that may be read. */
    @SuppressWarnings("AvoidCommonTypeNames")
    sealed interface Readable extends Register permits ReadOnly, ReadWrite {}

    /** A register that may be written. */
    sealed interface Writable extends Register permits WriteOnly, ReadWrite {}

    /** Writing it does not compile. */
    record ReadOnly(String name, int offset) implements Readable {}

    /** Reading it does not compile. */
    record WriteOnly(String name, int offset) implements Writable {}

    /** Both ways. */
    record ReadWrite(String name, int offset) implements Readable, Writable {}
}
