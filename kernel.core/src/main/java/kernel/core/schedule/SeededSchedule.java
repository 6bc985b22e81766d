// SPDX-License-Identifier: Apache-2.0
package kernel.core.schedule;

import kernel.core.schedule.Moves.Kind;

/**
 * A random schedule drawn from a seed that keeps to the clock: what is due happens first, interrupts are taken nearly at once,
 * and a processor goes on for a while before another one moves.
 */
public final class SeededSchedule implements Schedule {
    private static final int STAY = 7;
    private static final int OUT_OF = 8;

    private final RandomSource random;

    public SeededSchedule(long seed) {
        random = new RandomSource(seed);
    }

    @Override
    public int choose(Moves moves) {
        int last = moves.count() - 1;
        if (last == 0) {
            return 0;
        }
        if (moves.kind(last) == Kind.EVENT && moves.dueNanos(last) <= moves.nowNanos()) {
            return last;
        }
        if (moves.running() >= 0 && random.nextInt(OUT_OF) < STAY) {
            int interrupt = moves.find(Kind.INTERRUPT, moves.running());
            int stay = interrupt >= 0 ? interrupt : moves.find(Kind.RUN, moves.running());
            if (stay >= 0) {
                return stay;
            }
        }
        return random.nextInt(moves.count());
    }
}
