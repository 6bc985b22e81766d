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
 * @param sleep the fork; null if it never slept
 * @param wake the steps from the interrupt to the wake-up; none if it never slept
 * @param up the steps from when it runs again to the return
 */
public record Journey(
        String call,
        String result,
        String process,
        long nanos,
        List<Step> down,
        Sleep sleep,
        List<Step> wake,
        List<Step> up) {

    /**
     * The fork: the process sleeps, and the device works by itself.
     *
     * @param nanos how long
     * @param on what the process waited for
     * @param device what the device did meanwhile
     * @param processor what the processor did meanwhile, which the process had left
     */
    public record Sleep(long nanos, String on, List<Step> device, List<Step> processor) {}

    /** Whether the process slept on the way. */
    public boolean slept() {
        return sleep != null;
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
            TraceRecord first = trace.get(enter);
            TraceRecord last = trace.get(exit);
            int asleep = longestSleep();
            List<Step> down = own(enter, asleep < 0 ? exit : asleep);
            Sleep sleep = null;
            List<Step> wake = List.of();
            List<Step> up = new ArrayList<>();
            if (asleep >= 0) {
                int awake = switchTo(asleep);
                int wakeUp = lastWakeUp(asleep, awake);
                int cause = interruptBefore(asleep, wakeUp);
                long nanos = trace.get(awake).nanos() - trace.get(asleep).nanos();
                sleep = new Sleep(Math.max(1, nanos), sleptOn(asleep), device(asleep, cause), processor(asleep, awake));
                wake = interrupt(cause, wakeUp);
                up.addAll(own(awake, exit));
            }
            up.add(step(last, Lane.USER, "= " + Wording.result(last) + Wording.bytes(last)));
            return new Journey(
                    Wording.call(first, last),
                    Wording.result(last),
                    first.name() + "/" + pid,
                    last.nanos() - start,
                    down,
                    sleep,
                    wake,
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

        /** To whom the processor of the process turned while that slept. */
        private List<Step> processor(int from, int to) {
            List<Step> steps = new ArrayList<>();
            int processor = trace.get(from).processor();
            for (int i = from; i < to; i++) {
                TraceRecord event = trace.get(i);
                if (event.event() == TraceEvent.SWITCH && event.processor() == processor) {
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
                boolean woke = i == wakeUp && event.event() == TraceEvent.WAKEUP;
                if (raise || (event.processor() == processor && (!isTaskContext(event) || woke))) {
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
