// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.control;

/** A fault at work. Thread-safe. */
public interface InjectedFault {
    Fault fault();

    /** How many occasions there were. */
    long occasions();

    /** How often it struck. */
    long strikes();

    /** Ends it. */
    void remove();
}
