// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

/**
 * A timeline that stands still until somebody moves it: time is a number, charged for each step and advanced to the
 * next event when nothing else can move. Moved by one thread at a time; events may be scheduled from any thread.
 */
public final class VirtualTimeline extends Timeline {
    private volatile long now;

    @Override
    public long now() {
        return now;
    }

    /**
     * Lets time pass without firing anything.
     *
     * @param nanos not negative, for time never goes back
     */
    public void charge(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException("time does not go back, not even by " + -nanos + " ns");
        }
        long next = now + nanos;
        now = next;
    }

    /** Fires the earliest event, time jumping forward to it if need be; false when there is none. */
    public boolean fireNext() {
        TimelineEvent next = take(Long.MAX_VALUE);
        if (next == null) {
            return false;
        }
        now = Math.max(now, next.dueNanos);
        next.action.run();
        return true;
    }
}
