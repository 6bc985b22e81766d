// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.Arrays;
import java.util.List;

/**
 * A process as /proc/PID/stat describes it (proc(5)); times in ticks of a hundredth of a second.
 *
 * @param terminal the device number of the controlling terminal; 0 when it has none
 */
record ProcessStatus(
        int pid,
        String command,
        String state,
        int parent,
        int processGroup,
        int session,
        long terminal,
        int foregroundGroup,
        long cpuTicks,
        long nice,
        long threads,
        long startTicks,
        long virtualBytes,
        long residentPages) {
    static final int TICKS_PER_SECOND = 100;

    /** Where a field stands behind the command, which may hold spaces and parentheses itself. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int PROCESS_GROUP = 2;
    private static final int SESSION = 3;
    private static final int TERMINAL = 4;
    private static final int FOREGROUND_GROUP = 5;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int NICE = 16;
    private static final int THREADS = 17;
    private static final int START_TIME = 19;
    private static final int VIRTUAL_SIZE = 20;
    private static final int RESIDENT_SET = 21;

    /** Takes a line of /proc/PID/stat apart; fields at its end may be missing. Null when it is no such line. */
    static ProcessStatus parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 1 || close < open) {
            return null;
        }
        List<String> fields = Arrays.asList(line.substring(close + 1).strip().split("\\s+", -1));
        return new ProcessStatus(
                Integer.parseInt(line.substring(0, open).strip()),
                line.substring(open + 1, close),
                fields.get(STATE),
                (int) number(fields, PARENT),
                (int) number(fields, PROCESS_GROUP),
                (int) number(fields, SESSION),
                number(fields, TERMINAL),
                (int) number(fields, FOREGROUND_GROUP),
                number(fields, USER_TIME) + number(fields, SYSTEM_TIME),
                number(fields, NICE),
                number(fields, THREADS),
                number(fields, START_TIME),
                number(fields, VIRTUAL_SIZE),
                number(fields, RESIDENT_SET));
    }

    /** The state with the letters that ps(1) adds. */
    String stateText() {
        return state
                + (nice < 0 ? "<" : nice > 0 ? "N" : "")
                + (session == pid ? "s" : "")
                + (threads > 1 ? "l" : "")
                + (processGroup > 0 && processGroup == foregroundGroup ? "+" : "");
    }

    private static long number(List<String> fields, int at) {
        return at < fields.size() ? Long.parseLong(fields.get(at)) : 0;
    }
}
