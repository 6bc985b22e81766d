// SPDX-License-Identifier: Apache-2.0
package kernel.core.schedule;

/** The moves among which a {@link Schedule} chooses, in a fixed order: processors by number, then the next event. */
public final class Moves {
    /** What a move does. */
    public enum Kind {
        /** A processor goes on with what it was doing. */
        RUN,
        /** A processor takes its pending interrupt. */
        INTERRUPT,
        /** The earliest event of a device or timer happens. */
        EVENT
    }

    private final Kind[] kinds;
    private final int[] processors;
    private final long[] due;
    private int count;
    private int running;
    private long now;

    /** @param processorCount of the machine */
    public Moves(int processorCount) {
        kinds = new Kind[2 * processorCount + 1];
        processors = new int[kinds.length];
        due = new long[kinds.length];
    }

    /** Starts over; {@code runningProcessor} is the one at the point, -1 when it has nobody to run any more. */
    public void clear(int runningProcessor, long nowNanos) {
        count = 0;
        running = runningProcessor;
        now = nowNanos;
    }

    public void add(Kind kind, int processor, long dueNanos) {
        kinds[count] = kind;
        processors[count] = processor;
        due[count++] = dueNanos;
    }

    public int count() {
        return count;
    }

    public Kind kind(int move) {
        return kinds[move];
    }

    /** The processor that the move concerns; -1 for an event. */
    public int processor(int move) {
        return processors[move];
    }

    /** When the event is due, in nanoseconds of the machine's clock. */
    public long dueNanos(int move) {
        return due[move];
    }

    /** The processor that is at the point, or -1. */
    public int running() {
        return running;
    }

    public long nowNanos() {
        return now;
    }

    /** The index of a move of that kind and processor, or -1. */
    public int find(Kind kind, int processor) {
        for (int move = 0; move < count; move++) {
            if (kinds[move] == kind && processors[move] == processor) {
                return move;
            }
        }
        return -1;
    }
}
