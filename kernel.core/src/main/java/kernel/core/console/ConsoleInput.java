// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

/** What comes in from a terminal. */
sealed interface ConsoleInput {
    /** A line with its line feed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(byte[] bytes) implements ConsoleInput {}

    /** The end of input (^D). */
    record End() implements ConsoleInput {}

    /** The interrupt key (^C). */
    record Interrupt() implements ConsoleInput {}
}
