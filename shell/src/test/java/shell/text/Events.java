// SPDX-License-Identifier: Apache-2.0
package shell.text;

import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.SystemCallNumber;

/** Makes events of a trace for tests. */
final class Events {
    private Events() {}

    static TraceRecord enter(long nanos, int pid, int call, String arguments) {
        return event(nanos, pid, TraceEvent.SYS_ENTER, call, 0, arguments);
    }

    static TraceRecord exit(long nanos, int pid, int call, long result, String arguments) {
        return event(nanos, pid, TraceEvent.SYS_EXIT, call, result, arguments);
    }

    static TraceRecord event(long nanos, int pid, TraceEvent event, long a, long b, String text) {
        return new TraceRecord(nanos, 0, pid, "head", "...0", event, a, b, text);
    }

    static TraceRecord readEntered() {
        return enter(1_000, 5, SystemCallNumber.READ, "3, 0x1000, 4096");
    }

    static TraceRecord readReturned(long result) {
        return exit(11_001_000, 5, SystemCallNumber.READ, result, result < 0 ? "" : "3, \"21.500\\n\", 4096");
    }
}
