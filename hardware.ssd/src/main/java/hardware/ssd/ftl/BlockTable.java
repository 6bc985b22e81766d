// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.ftl;

import hardware.ssd.nand.Nand;
import java.util.Arrays;

/** What each erase block is used for, and how many of its pages still count. */
final class BlockTable {
    /** Erased, or to be erased when it is taken. */
    static final byte FREE = 0;
    /** Being programmed. */
    static final byte OPEN = 1;
    /** Full. */
    static final byte CLOSED = 2;
    /** A page could not be programmed: to be emptied and marked bad. */
    static final byte FAILING = 3;
    /** Not used. */
    static final byte BAD = 4;

    private final Nand nand;
    private final byte[] states;
    private final int[] valid;
    private final boolean[] unproven;
    private final int[] freeOfDie;
    private int free;
    private int good;

    BlockTable(Nand nand) {
        this.nand = nand;
        int blocks = nand.geometry().blocks();
        states = new byte[blocks];
        valid = new int[blocks];
        unproven = new boolean[blocks];
        freeOfDie = new int[nand.geometry().dies()];
    }

    /** Forgets everything; all blocks that are not bad are free. */
    void reset() {
        Arrays.fill(valid, 0);
        Arrays.fill(unproven, false);
        Arrays.fill(freeOfDie, 0);
        free = 0;
        good = 0;
        for (int block = 0; block < states.length; block++) {
            states[block] = BAD;
            if (!nand.isBad(block)) {
                good++;
                setState(block, FREE);
            }
        }
    }

    int count() {
        return states.length;
    }

    byte state(int block) {
        return states[block];
    }

    void setState(int block, byte state) {
        int change = (state == FREE ? 1 : 0) - (states[block] == FREE ? 1 : 0);
        free += change;
        freeOfDie[nand.geometry().dieOfBlock(block)] += change;
        states[block] = state;
    }

    void markBad(int block) {
        nand.markBad(block);
        setState(block, BAD);
        good--;
    }

    int valid(int block) {
        return valid[block];
    }

    void addValid(int block, int change) {
        valid[block] += change;
    }

    /** Whether nobody knows if the block was erased to the end. */
    boolean isUnproven(int block) {
        return unproven[block];
    }

    void setUnproven(int block, boolean value) {
        unproven[block] = value;
    }

    /** Blocks that are free now. */
    int free() {
        return free;
    }

    /** Blocks that are not bad. */
    int good() {
        return good;
    }

    /** A free block of the die, the least or the most worn; -1 when there is none. */
    int freeOn(int die, boolean leastWorn) {
        int best = -1;
        if (freeOfDie[die] > 0) {
            for (int block = die; block < states.length; block += freeOfDie.length) {
                if (states[block] == FREE
                        && (best < 0
                                || (leastWorn
                                        ? nand.cycles(block) < nand.cycles(best)
                                        : nand.cycles(block) > nand.cycles(best)))) {
                    best = block;
                }
            }
        }
        return best;
    }

    /** The full block with the fewest pages that count, the least worn of several; -1 when there is none. */
    int cheapest() {
        int best = -1;
        for (int block = 0; block < states.length; block++) {
            if (states[block] == CLOSED
                    && (best < 0
                            || valid[block] < valid[best]
                            || (valid[block] == valid[best] && nand.cycles(block) < nand.cycles(best)))) {
                best = block;
            }
        }
        return best;
    }

    /** The least worn full block; -1 when there is none. */
    int coldest() {
        int best = -1;
        for (int block = 0; block < states.length; block++) {
            if (states[block] == CLOSED && (best < 0 || nand.cycles(block) < nand.cycles(best))) {
                best = block;
            }
        }
        return best;
    }

    /** Erase cycles of the least or the most worn block that is not bad. */
    int extremeWear(boolean least) {
        int extreme = -1;
        for (int block = 0; block < states.length; block++) {
            int cycles = nand.cycles(block);
            if (states[block] != BAD && (extreme < 0 || (least ? cycles < extreme : cycles > extreme))) {
                extreme = cycles;
            }
        }
        return Math.max(0, extreme);
    }

    long totalWear() {
        long total = 0;
        for (int block = 0; block < states.length; block++) {
            total += states[block] == BAD ? 0 : nand.cycles(block);
        }
        return total;
    }
}
