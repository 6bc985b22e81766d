// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.util.List;
import kernel.core.control.SessionControl.ProgramRun;
import kernel.core.log.LogEntry;

/** Where a kernel's console ends on the host. One for each kernel of a session. */
interface Terminal extends AutoCloseable {
    /** What the first program opens as descriptors 0, 1 and 2; the empty string for one that is connected already. */
    List<String> files();

    /** The first program runs. */
    default void started(ProgramRun program) {}

    /** Shows a line of the kernel's log; on any thread, quickly. */
    void log(LogEntry entry);

    /** The interrupt key was pressed; on any thread. */
    void interrupt();

    /** Whether a program waits for a line that nobody but {@link #answer} will read: where time is virtual. */
    default boolean isAsked() {
        return false;
    }

    /** Reads the line; false when none was asked for. */
    default boolean answer() {
        return false;
    }

    /** Asks the person at the terminal, past the kernel; null when there is nobody. */
    default String ask(String question) {
        return null;
    }

    @Override
    default void close() {}
}
