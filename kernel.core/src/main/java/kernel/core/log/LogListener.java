// SPDX-License-Identifier: Apache-2.0
package kernel.core.log;

/** Gets each line that goes to the console, on whichever thread says it; must be quick, must not sleep and must not log. */
@FunctionalInterface
public interface LogListener {
    void logged(LogEntry entry);
}
