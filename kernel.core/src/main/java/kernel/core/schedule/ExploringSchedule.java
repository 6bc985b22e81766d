// SPDX-License-Identifier: Apache-2.0
package kernel.core.schedule;

import kernel.core.schedule.Moves.Kind;

/**
 * A random schedule that looks for races: any processor may move at any point, interrupts may be late, and now and then the
 * next event happens early, as if the processors had been slow.
 */
public final class ExploringSchedule implements Schedule {
    /** Longer than what devices take, shorter than what drivers wait for dead ones. */
    private static final long MAX_JUMP_NANOS = 20_000_000;

    private static final int JUMP_ONE_IN = 16;
    private static final int SWITCH_ONE_IN = 4;

    private final RandomSource random;

    public ExploringSchedule(long seed) {
        random = new RandomSource(seed);
    }

    @Override
    public long maxJumpNanos() {
        return MAX_JUMP_NANOS;
    }

    @Override
    public int choose(Moves moves) {
        int count = moves.count();
        if (count == 1) {
            return 0;
        }
        long draw = random.nextLong();
        if (moves.kind(count - 1) == Kind.EVENT) {
            if (moves.dueNanos(count - 1) <= moves.nowNanos() || (draw & JUMP_ONE_IN - 1) == 0) {
                return count - 1;
            }
            count--;
        }
        if (moves.running() >= 0 && (draw >>> 8 & SWITCH_ONE_IN - 1) != 0) {
            int stay = moves.find(Kind.RUN, moves.running());
            int interrupt = moves.find(Kind.INTERRUPT, moves.running());
            if (interrupt >= 0 && ((draw >>> 16 & 1) == 0 || stay < 0)) {
                return interrupt;
            }
            if (stay >= 0) {
                return stay;
            }
        }
        return (int) ((draw >>> 32) % count);
    }
}
