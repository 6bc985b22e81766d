// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.function.Consumer;

/**
 * A program about to begin in user mode.
 *
 * @param processor what it sees of the machine
 * @param code where it begins
 */
record ProgramImage(ProgramProcessor processor, Consumer<ProgramProcessor> code) {}
