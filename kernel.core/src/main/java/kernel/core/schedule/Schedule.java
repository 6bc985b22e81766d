// SPDX-License-Identifier: Apache-2.0
package kernel.core.schedule;

/** Decides, in deterministic mode, who moves next. Asked at every point, by one thread at a time. */
public interface Schedule {
    /**
     * Chooses among the moves that are possible now.
     *
     * @param moves at least one; valid only during the call
     * @return the index of a move, from 0
     */
    int choose(Moves moves);

    /**
     * How far the clock may jump forward to the next event of a device or timer although a processor could still move: to
     * explore what a slow processor would see. Bounded, or else every watchdog of a driver would bark.
     *
     * @return nanoseconds; 0 lets nothing happen before its time
     */
    default long maxJumpNanos() {
        return 0;
    }
}
