// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.machine.interrupt.InterruptLine;
import java.util.Arrays;
import java.util.List;

/**
 * The interrupt vectors: masks, coalescing, and one message for each batch of completions. Thread-safe: the firmware and processors change it side by side.
 */
final class InterruptVectors {
    private static final long NANOS_PER_COALESCING_UNIT = 100_000;
    private static final int MASKABLE = 32;

    private final InterruptLine[] lines;
    private final int[] completions;
    private final long[] deadlines;
    private final boolean[] immediate;
    private final boolean[] held;
    private int mask;
    private int threshold;
    private long timeNanos;
    /** Vectors with completions that nobody was told of, counted for a quick look. */
    private int waiting;

    InterruptVectors(List<InterruptLine> lines) {
        this.lines = lines.toArray(InterruptLine[]::new);
        completions = new int[this.lines.length];
        deadlines = new long[this.lines.length];
        immediate = new boolean[this.lines.length];
        held = new boolean[this.lines.length];
        reset();
    }

    int count() {
        return lines.length;
    }

    synchronized void reset() {
        Arrays.fill(completions, 0);
        Arrays.fill(deadlines, Long.MAX_VALUE);
        Arrays.fill(immediate, false);
        Arrays.fill(held, false);
        immediate[0] = true;
        mask = 0;
        threshold = 0;
        timeNanos = 0;
        waiting = 0;
    }

    synchronized int mask() {
        return mask;
    }

    synchronized void setMask(int bits) {
        mask |= bits;
    }

    synchronized void clearMask(int bits) {
        mask &= ~bits;
        for (int vector = 0; vector < Math.min(MASKABLE, lines.length); vector++) {
            if (held[vector] && (mask & 1 << vector) == 0) {
                held[vector] = false;
                lines[vector].raise();
            }
        }
    }

    /** @param value of the feature: completions minus 1 in bits 0 to 7, time in 100 us in bits 8 to 15 */
    synchronized void setCoalescing(int value) {
        threshold = value & 0xff;
        timeNanos = (value >>> 8 & 0xff) * NANOS_PER_COALESCING_UNIT;
    }

    synchronized void setImmediate(int vector, boolean value) {
        immediate[vector] = value;
    }

    synchronized boolean isImmediate(int vector) {
        return immediate[vector];
    }

    /** A completion was posted; whoever calls {@link #announce} tells. */
    synchronized void completed(int vector, long now) {
        if (completions[vector]++ == 0) {
            waiting++;
            deadlines[vector] = immediate[vector] ? now : now + timeNanos;
        }
    }

    /** Sends what is due. */
    synchronized void announce(long now, Faults faults) {
        for (int vector = 0; waiting > 0 && vector < lines.length; vector++) {
            if (completions[vector] > 0 && isDue(vector, now)) {
                completions[vector] = 0;
                deadlines[vector] = Long.MAX_VALUE;
                waiting--;
                int times = faults.interruptTimes(vector);
                for (int i = 0; i < times; i++) {
                    send(vector);
                }
            }
        }
    }

    private boolean isDue(int vector, long now) {
        return immediate[vector] || completions[vector] > threshold || deadlines[vector] <= now;
    }

    /** Sends a message of a vector now, with or without a reason. */
    synchronized void send(int vector) {
        if (vector < MASKABLE && (mask & 1 << vector) != 0) {
            held[vector] = true;
        } else {
            lines[vector].raise();
        }
    }

    /** When the next message is due, or {@link Long#MAX_VALUE}. */
    synchronized long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (int vector = 0; waiting > 0 && vector < lines.length; vector++) {
            next = Math.min(next, deadlines[vector]);
        }
        return next;
    }
}
