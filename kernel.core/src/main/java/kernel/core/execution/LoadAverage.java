// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.util.List;

/**
 * How many tasks run, want to run or sleep uninterruptibly, on the average of the last one, five and fifteen minutes (Linux: kernel/sched/loadavg.c).
 * Exponential averages in fixed-point numbers, of a sample every five seconds.
 *
 * <p>No timer takes the samples, for a machine at rest is to stay so: who switches tasks, or asks, makes up for those that have come due, from what
 * is known of the time since.
 */
public final class LoadAverage {
    /** The value of 1.00. */
    public static final int FIXED_1 = 1 << 11;

    private static final long SAMPLE_NANOS = 5_000_000_000L;
    /** What is left of an average after a sample, for one, five and fifteen minutes. */
    private static final List<Integer> DECAYS = List.of(1884, 2014, 2037);
    /** After so many samples nothing is left of what was before. */
    private static final long SAMPLES_MAX = 4_096;

    private final Execution execution;
    private final RawLock lock = new RawLock();
    private final long[] averages = new long[DECAYS.size()];
    private volatile long nextSampleNanos = SAMPLE_NANOS;

    LoadAverage(Execution execution) {
        this.execution = execution;
    }

    /** The averages now, as multiples of 1 / {@link #FIXED_1}. */
    public long[] now() {
        update(execution.now());
        lock.acquire();
        long[] copy = averages.clone();
        lock.release();
        return copy;
    }

    /** Takes the samples that are due; nearly always there are none. */
    void update(long now) {
        if (now < nextSampleNanos) {
            return;
        }
        lock.acquire();
        long sample = nextSampleNanos;
        if (now - sample > SAMPLES_MAX * SAMPLE_NANOS) {
            sample = now - SAMPLES_MAX * SAMPLE_NANOS;
        }
        for (; sample <= now; sample += SAMPLE_NANOS) {
            long active = activeSince(sample) * FIXED_1;
            for (int i = 0; i < DECAYS.size(); i++) {
                averages[i] = next(averages[i], DECAYS.get(i), active);
            }
        }
        nextSampleNanos = sample;
        lock.release();
    }

    /** Rounds upwards while the load rises. */
    private static long next(long average, int decay, long active) {
        long sum = average * decay + active * (FIXED_1 - decay);
        return (active >= average ? sum + FIXED_1 - 1 : sum) / FIXED_1;
    }

    /** The tasks that have been active from that time until now. */
    private long activeSince(long time) {
        return execution.tasks().stream()
                .filter(task -> task.state() == Task.RUNNING || task.state() == Task.UNINTERRUPTIBLE)
                .filter(task -> task.lastSwitchNanos() <= time)
                .count();
    }
}
