// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/** Something that processors spin on. */
interface Spinnable {
    /** Whether spinning further is in vain, for now. */
    boolean isHeld();

    /** The processor that everybody spins for, or null. */
    Cpu holder();

    String describe();
}
