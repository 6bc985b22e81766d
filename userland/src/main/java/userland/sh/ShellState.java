// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a shell remembers from one command to the next. A subshell starts with a copy. */
final class ShellState {
    final Variables variables;
    final SortedMap<String, Command> functions = new TreeMap<>();
    /** The process id that {@code $$} shows, also in subshells. */
    final int pid;
    /** What programs do, in a line, for {@code help}. */
    final Map<String, String> summaries;
    /** The status of the last command: {@code $?}. */
    int status;
    /** The status of the last command substitution, which becomes that of an assignment. */
    int substitutionStatus;
    /** The last process in the background: {@code $!}; zero when there was none. */
    int lastBackground;
    /** {@code set -e}. */
    boolean exitOnError;
    /** {@code set -x}. */
    boolean trace;
    /** {@code set -u}. */
    boolean refuseUnset;
    /** Whether a person types the commands. */
    boolean interactive;

    ShellState(Variables variables, int pid, Map<String, String> summaries) {
        this.variables = variables;
        this.pid = pid;
        this.summaries = summaries;
    }

    /** A subshell's. */
    ShellState copy() {
        ShellState copy = new ShellState(new Variables(variables), pid, summaries);
        copy.functions.putAll(functions);
        copy.status = status;
        copy.lastBackground = lastBackground;
        copy.exitOnError = exitOnError;
        copy.trace = trace;
        copy.refuseUnset = refuseUnset;
        return copy;
    }

    /** Takes {@code -eu} or {@code +x}; false when a letter is no option, and then changes nothing. */
    boolean setOptions(String letters) {
        boolean on = letters.startsWith("-");
        if (!letters.substring(1).chars().allMatch(c -> "eux".indexOf(c) >= 0)) {
            return false;
        }
        exitOnError = letters.indexOf('e') > 0 ? on : exitOnError;
        refuseUnset = letters.indexOf('u') > 0 ? on : refuseUnset;
        trace = letters.indexOf('x') > 0 ? on : trace;
        return true;
    }

    /** The options that are on: {@code $-}. */
    String options() {
        return (exitOnError ? "e" : "") + (interactive ? "i" : "") + (refuseUnset ? "u" : "") + (trace ? "x" : "");
    }
}
