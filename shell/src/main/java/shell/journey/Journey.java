// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import java.util.ArrayList;
import java.util.List;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import shell.journey.Step.Lane;

/**
 * One system call, from trap to return: the way down, the fork where the process sleeps and the device works, and the way up.
 *
 * @param call the call with its arguments, as strace shows it
 * @param result what it answered, as strace shows it
 * @param process who called, {@code head/5}
 * @param nanos from trap to return
 * @param down the steps until the process slept; all of them if it never did
 * @param fork what happened while it slept: the device's own steps; empty if it never did
 * @param sleepNanos how long it slept in the fork; 0 if it never did
 * @param sleptOn what it waited for
 * @param up the steps from the interrupt to the return
 */
public record Journey(
        String call,
        String result,
        String process,
        long nanos,
        List<Step> down,
        List<Step> fork,
        long sleepNanos,
        String sleptOn,
        List<Step> up) {

    /** Whether the process slept on the way. */
    public boolean slept() {
        return sleepNanos > 0;
    }

    /** The journeys of all calls of one process, in order; a call that had not returned when the trace ended is left out. */
    public static List<Journey> of(List<TraceRecord> trace, int pid) {
        List<Journey> journeys = new ArrayList<>();
        int enter = -1;
        for (int i = 0; i < trace.size(); i++) {
            TraceRecord event = trace.get(i);
            if (event.pid() == pid && event.event() == TraceEvent.SYS_ENTER && isTaskContext(event)) {
                enter = i;
            } else if (event.pid() == pid && event.event() == TraceEvent.SYS_EXIT && enter >= 0) {
                journeys.add(new Traveller(trace, pid, enter, i).journey());
                enter = -1;
            }
        }
        return journeys;
    }

    static boolean isTaskContext(TraceRecord event) {
        String context = event.context();
        return context.length() < 3 || context.charAt(2) == '.';
    }

    /** Walks through the records of one call. */
    private static final class Traveller {
        private final List<TraceRecord> trace;
        private final int pid;
        private final int enter;
        private final int exit;
        private final long start;

        Traveller(List<TraceRecord> trace, int pid, int enter, int exit) {
            this.trace = trace;
            this.pid = pid;
            this.enter = enter;
            this.exit = exit;
            start = trace.get(enter).nanos();
        }

        Journey journey() {
            int asleep = longestSleep();
            int awake = asleep < 0 ? enter : switchTo(asleep);
            List<Step> down = own(enter, asleep < 0 ? exit : asleep + 1);
            List<Step> fork = List.of();
            List<Step> up = new ArrayList<>();
            String sleptOn = "";
            if (asleep >= 0) {
                int wakeUp = lastWakeUp(asleep, awake);
                int cause = interruptBefore(asleep, wakeUp);
                sleptOn = sleptOn(asleep);
                fork = device(asleep, cause);
                up.addAll(interrupt(cause, wakeUp));
                up.addAll(own(awake, exit));
            }
            TraceRecord first = trace.get(enter);
            TraceRecord last = trace.get(exit);
            up.add(step(last, Lane.USER, "= " + Wording.result(last) + Wording.bytes(last)));
            return new Journey(
                    Wording.call(first, last),
                    Wording.result(last),
                    first.name() + "/" + pid,
                    last.nanos() - start,
                    down,
                    fork,
                    asleep < 0
                            ? 0
                            : Math.max(
                                    1,
                                    trace.get(awake).nanos() - trace.get(asleep).nanos()),
                    sleptOn,
                    up);
        }

        /** The index of the switch away from the process that begins its longest sleep; -1 when it never slept. */
        private int longestSleep() {
            int best = -1;
            long bestNanos = -1;
            for (int i = enter; i < exit; i++) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.SWITCH && event.pid() == pid && event.b() != 0) {
                    long nanos = trace.get(switchTo(i)).nanos() - event.nanos();
                    if (nanos > bestNanos) {
                        best = i;
                        bestNanos = nanos;
                    }
                }
            }
            return best;
        }

        private int switchTo(int from) {
            for (int i = from + 1; i < exit; i++) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.SWITCH && event.a() == pid) {
                    return i;
                }
            }
            return exit;
        }

        private String sleptOn(int asleep) {
            for (int i = asleep; i > enter; i--) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.SLEEP && event.a() == pid) {
                    return event.text();
                }
            }
            return "";
        }

        private int lastWakeUp(int asleep, int awake) {
            for (int i = awake; i > asleep; i--) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.WAKEUP && event.a() == pid) {
                    return i;
                }
            }
            return awake;
        }

        /** The index of the line's raise, or of the handler's entry, that led to the wake-up; the wake-up itself if there was none. */
        private int interruptBefore(int asleep, int wakeUp) {
            int processor = trace.get(wakeUp).processor();
            for (int i = wakeUp; i > asleep; i--) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.IRQ_ENTRY && event.processor() == processor) {
                    return raiseBefore(asleep, i, event.a());
                }
            }
            return wakeUp;
        }

        private int raiseBefore(int asleep, int handler, long line) {
            for (int i = handler; i > asleep; i--) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.LINE_RAISED && event.a() == line) {
                    return i;
                }
            }
            return handler;
        }

        private List<Step> own(int from, int to) {
            List<Step> steps = new ArrayList<>();
            for (int i = from; i < to; i++) {
                TraceRecord event = trace.get(i);
                boolean mine = (event.pid() == pid && isTaskContext(event))
                        || (event.event() == TraceEvent.SWITCH && event.a() == pid)
                        || (event.event() == TraceEvent.DEVICE_STEP && touchedBy(i));
                if (mine) {
                    add(steps, event);
                }
            }
            return steps;
        }

        /** Whether a device's step is its answer to the register write of the process just before it. */
        private boolean touchedBy(int index) {
            TraceRecord before = index > enter ? trace.get(index - 1) : null;
            return before != null && before.pid() == pid && before.event() == TraceEvent.REGISTER_WRITE;
        }

        private List<Step> device(int asleep, int cause) {
            List<Step> steps = new ArrayList<>();
            String device = trace.get(cause).event() == TraceEvent.LINE_RAISED
                    ? trace.get(cause).text()
                    : "";
            for (int i = asleep; i < cause; i++) {
                TraceRecord event = trace.get(i);
                boolean hardware = event.event() == TraceEvent.DEVICE_STEP || event.event() == TraceEvent.DMA;
                if (hardware && event.text().startsWith(device)) {
                    add(steps, event);
                }
            }
            return steps;
        }

        private List<Step> interrupt(int cause, int wakeUp) {
            List<Step> steps = new ArrayList<>();
            int processor = trace.get(wakeUp).processor();
            for (int i = cause; i <= wakeUp && i < exit; i++) {
                TraceRecord event = trace.get(i);
                boolean raise = i == cause && event.event() == TraceEvent.LINE_RAISED;
                if (raise || (event.processor() == processor && (!isTaskContext(event) || i == wakeUp))) {
                    add(steps, event);
                }
            }
            return steps;
        }

        private void add(List<Step> steps, TraceRecord event) {
            String text = Wording.of(event, pid);
            if (!text.isEmpty()) {
                steps.add(step(event, Wording.lane(event), text));
            }
        }

        private Step step(TraceRecord event, Lane lane, String text) {
            return new Step(lane, event.nanos() - start, Wording.context(event), text);
        }
    }
}
