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
     * Whether device events and timers may happen before their time, the clock jumping forward to them, even though a processor could
     * still move: to explore what a slow processor would see.
     */
    default boolean mayJumpTime() {
        return false;
    }
}
