// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.Nand;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Where the next page is programmed: one open block of each die for the host, in turn, so that dies work side by side, and one for garbage collection. The
 * host gets the least worn of the free blocks, what was moved, and so is older, the most worn.
 */
final class Frontiers {
    private static final int NONE = -1;

    private final Nand nand;
    private final BlockTable blocks;
    private final int[] open;
    private int moving = NONE;
    private int turn;
    private int movingTurn;
    /** Blocks that were open when the power went, to be filled up first. */
    private final ArrayDeque<Integer> partial = new ArrayDeque<>();
    /** Blocks in which a page could not be programmed. */
    private final ArrayDeque<Integer> failing = new ArrayDeque<>();

    Frontiers(Nand nand, BlockTable blocks) {
        this.nand = nand;
        this.blocks = blocks;
        open = new int[nand.geometry().dies()];
        Arrays.fill(open, NONE);
    }

    void reset() {
        Arrays.fill(open, NONE);
        moving = NONE;
        partial.clear();
        failing.clear();
    }

    /** A block that was found half programmed. */
    void resume(int block) {
        int die = nand.geometry().dieOfBlock(block);
        blocks.setState(block, BlockTable.OPEN);
        if (open[die] == NONE) {
            open[die] = block;
        } else if (moving == NONE) {
            moving = block;
        } else {
            partial.add(block);
        }
    }

    /** The next page to program, which is used up thereby; negative when there is no room. */
    int next(boolean forMoving) {
        if (forMoving) {
            int page = nextMoving();
            return page >= 0 ? page : nextHost(true);
        }
        return nextHost(false);
    }

    private int nextHost(boolean mayUseReserve) {
        for (int i = 0; i < open.length; i++) {
            int die = turn;
            turn = turn + 1 == open.length ? 0 : turn + 1;
            closeIfFull(open[die]);
            if (open[die] != NONE && blocks.state(open[die]) != BlockTable.OPEN) {
                open[die] = NONE;
            }
            if (open[die] == NONE && (mayUseReserve || !partial.isEmpty() || blocks.free() > Provision.RESERVE)) {
                open[die] = partial.isEmpty() ? take(die, true) : partial.poll();
            }
            if (open[die] != NONE) {
                return pageOf(open[die]);
            }
        }
        return NONE;
    }

    private int nextMoving() {
        closeIfFull(moving);
        if (moving != NONE && blocks.state(moving) != BlockTable.OPEN) {
            moving = NONE;
        }
        for (int i = 0; i < open.length && moving == NONE; i++) {
            moving = take(movingTurn, false);
            movingTurn = movingTurn + 1 == open.length ? 0 : movingTurn + 1;
        }
        return moving == NONE ? NONE : pageOf(moving);
    }

    private int pageOf(int block) {
        return nand.geometry().firstPage(block) + nand.programmedPages(block);
    }

    private void closeIfFull(int block) {
        if (block != NONE
                && blocks.state(block) == BlockTable.OPEN
                && nand.programmedPages(block) == nand.geometry().pagesPerBlock()) {
            blocks.setState(block, BlockTable.CLOSED);
        }
    }

    /** Opens a free block of the die; one that may not be erased to the end is erased again. */
    private int take(int die, boolean leastWorn) {
        for (; ; ) {
            int block = blocks.freeOn(die, leastWorn);
            if (block < 0) {
                return NONE;
            }
            if (!blocks.isUnproven(block) || nand.erase(block, 0)) {
                blocks.setUnproven(block, false);
                blocks.setState(block, BlockTable.OPEN);
                return block;
            }
            blocks.markBad(block);
        }
    }

    /** A page could not be programmed: its block is used no more. */
    void fail(int location) {
        int block = nand.geometry().blockOfPage(location);
        blocks.setState(block, BlockTable.FAILING);
        failing.add(block);
    }

    /** The next block to be emptied and marked bad; -1 for none. */
    int nextFailing() {
        return failing.isEmpty() ? NONE : failing.peek();
    }

    void failingIsEmpty() {
        failing.remove();
    }
}
