// SPDX-License-Identifier: Apache-2.0
package hardware.machine.time;

/**
 * The clock of a machine and the order of what its devices do: nobody waits on a timeline, things happen on it.
 *
 * <p>{@link VirtualTimeline} is moved by a schedule, one event at a time; {@link HostTimeline} follows the host's
 * monotonic clock on a hardware thread of its own. An event's action must be short and must not block.
 */
public abstract class Timeline {
    private final EventHeap heap = new EventHeap();
    private long nextSequence;
    /** When the earliest event is due; written under the heap's lock, so that looking for work takes no lock. */
    private volatile long nextDueNanos = Long.MAX_VALUE;

    Timeline() {}

    /** Nanoseconds since the machine was switched on; never goes back. */
    public abstract long now();

    /** Makes an event, not scheduled yet. */
    public final TimelineEvent event(String name, Runnable action) {
        return new TimelineEvent(this, name, action);
    }

    /**
     * Runs an action on the timeline as soon as possible. It is the door by which the world outside the machine (a
     * terminal, a test) comes in; callable from any thread.
     */
    public final void post(String name, Runnable action) {
        event(name, action).scheduleAt(now());
    }

    final void schedule(TimelineEvent event, long timeNanos) {
        boolean first;
        synchronized (heap) {
            if (event.heapIndex >= 0) {
                heap.remove(event);
            }
            event.dueNanos = timeNanos;
            event.sequence = nextSequence++;
            heap.add(event);
            first = heap.peek() == event;
            noteNext();
        }
        if (first) {
            nextChanged();
        }
    }

    final boolean cancel(TimelineEvent event) {
        synchronized (heap) {
            if (event.heapIndex < 0) {
                return false;
            }
            heap.remove(event);
            noteNext();
            return true;
        }
    }

    private void noteNext() {
        TimelineEvent next = heap.peek();
        nextDueNanos = next == null ? Long.MAX_VALUE : next.dueNanos;
    }

    /** When the earliest event is due, or {@link Long#MAX_VALUE}. */
    public final long nextDueNanos() {
        return nextDueNanos;
    }

    /** Takes the earliest event if it is due by then; null when none is. */
    final TimelineEvent take(long untilNanos) {
        synchronized (heap) {
            TimelineEvent next = heap.peek();
            if (next == null || next.dueNanos > untilNanos) {
                return null;
            }
            heap.remove(next);
            noteNext();
            return next;
        }
    }

    /** The earliest event has changed; called by the thread that scheduled it, outside the heap's lock. */
    void nextChanged() {}
}
