// SPDX-License-Identifier: Apache-2.0
package kernel.core.console;

/**
 * The host's terminal as the console sees it. Called on threads of the kernel, so an implementation must be quick and must not wait: whatever
 * blocks belongs on a thread of its own. What the terminal has to say it says to {@link Console}.
 */
public interface ConsolePort {
    /** Shows bytes. */
    void write(byte[] bytes);

    /**
     * A process waits for a line and none is there. Answered some time by {@link Console#line}, {@link Console#endOfInput} or
     * {@link Console#interrupt}, and not asked again before.
     *
     * @param prompt to show before the line; may be empty
     */
    void requestLine(String prompt);

    default int columns() {
        return 80;
    }

    default int rows() {
        return 24;
    }
}
