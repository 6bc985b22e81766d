// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

/**
 * Something that will happen on a {@link Timeline}: made once by its owner and scheduled as often as it likes, at most
 * once at a time. Scheduling allocates nothing.
 */
public final class TimelineEvent {
    final String name;
    final Runnable action;
    private final Timeline timeline;
    long dueNanos;
    long sequence;
    int heapIndex = -1;

    TimelineEvent(Timeline timeline, String name, Runnable action) {
        this.timeline = timeline;
        this.name = name;
        this.action = action;
    }

    public String name() {
        return name;
    }

    /** Due {@code delayNanos} from now; an event that was scheduled already moves there. Callable from anywhere. */
    public void scheduleIn(long delayNanos) {
        long now = timeline.now();
        scheduleAt(delayNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + Math.max(0, delayNanos));
    }

    /** Due at that time of the timeline's clock; the past means at once. Callable from anywhere. */
    public void scheduleAt(long timeNanos) {
        timeline.schedule(this, timeNanos);
    }

    /**
     * Takes the event back.
     *
     * @return false when it was not scheduled (any more); it may then be running right now
     */
    public boolean cancel() {
        return timeline.cancel(this);
    }
}
